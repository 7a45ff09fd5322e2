/** As `engines` in package.json: `^22.22 || >=24.6`. */
export function isNodeRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 22 && minor >= 22) || (major === 24 && minor >= 6) || major > 24;
}

/** Ends the process with exit code 1 and one clear line where this Node is too old. */
export function requireNode(version: string): void {
  if (isNodeRecentEnough(version)) return;
  process.stderr.write(
    `jobherald needs Node ^22.22 or >=24.6; this is ${version}. Install a newer Node and try again.\n`,
  );
  process.exit(1);
}
