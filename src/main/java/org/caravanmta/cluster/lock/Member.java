package org.caravanmta.cluster.lock;

import java.time.Instant;

/// What a node says about itself.
///
/// @param name `cluster.node`
/// @param address where the other nodes reach it
/// @param state one word, such as `serving` or `draining`
/// @param format the version of queue messages that it writes
/// @param newestFormat the newest that it reads
/// @param settings a digest of those that all nodes should have in common
/// @param version of the program
public record Member(
    String name,
    String address,
    String state,
    int format,
    int newestFormat,
    String settings,
    Instant started,
    String version) {
  /// The same in another state.
  public Member in(String other) {
    return new Member(name, address, other, format, newestFormat, settings, started, version);
  }

  /// The same with other settings.
  public Member with(String other) {
    return new Member(name, address, state, format, newestFormat, other, started, version);
  }

  static Member read(byte[] bytes) {
    Fields fields = Fields.read(bytes);
    return new Member(
        fields.text("name"),
        fields.text("address"),
        fields.text("state"),
        (int) fields.number("format"),
        (int) fields.number("newest-format"),
        fields.text("settings"),
        Instant.ofEpochMilli(fields.number("started")),
        fields.text("version"));
  }

  byte[] bytes() {
    return Fields.NONE
        .with("name", name)
        .with("address", address)
        .with("state", state)
        .with("format", format)
        .with("newest-format", newestFormat)
        .with("settings", settings)
        .with("started", started.toEpochMilli())
        .with("version", version)
        .bytes();
  }
}
