/** The password in a URL, as it stands there and as the server receives it; '' for none. */
export function passwordsIn(url: string): readonly string[] {
  const { password } = new URL(url);
  return [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a per cent sign that encodes nothing stands for itself
  }
}
