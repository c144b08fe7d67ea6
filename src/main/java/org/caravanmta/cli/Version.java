package org.caravanmta.cli;

import picocli.CommandLine.IVersionProvider;

/// Knows the version of this installation, from the manifest of its jar.
final class Version implements IVersionProvider {
  static String line() {
    String version = Version.class.getPackage().getImplementationVersion();
    return "caravan " + (version == null ? "(not packaged)" : version);
  }

  @Override
  public String[] getVersion() {
    return new String[] {line()};
  }
}
