/** The release of Temporal's Java SDK whose test server is used. */
export const TEST_SERVER_VERSION = '1.32.0';

export const TEST_SERVER_MAIN = 'io.temporal.testserver.TestServer';

/**
 * A Maven project whose only content is its dependencies. slf4j-nop silences the server: any other logger's default
 * is a line for every call.
 */
export const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>jobherald</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${TEST_SERVER_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-nop</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;
