import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Kafka's own client. Reads lines `topic TAB partition TAB compression TAB value`; lines of one compression that follow
 * each other become one batch for each partition.
 */
public class JavaProducer {
  public static void main(String[] args) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String current = null;
    KafkaProducer<String, String> producer = null;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] parts = line.split("\t", 4);
      if (!parts[2].equals(current)) {
        if (producer != null) producer.close();
        current = parts[2];
        producer = open(args[0], current);
      }
      producer.send(new ProducerRecord<>(parts[0], Integer.valueOf(parts[1]), "key", parts[3]));
    }
    if (producer != null) producer.close();
  }

  private static KafkaProducer<String, String> open(String broker, String compression) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", broker);
    config.put("compression.type", compression);
    config.put("linger.ms", 60000);
    return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
  }
}
