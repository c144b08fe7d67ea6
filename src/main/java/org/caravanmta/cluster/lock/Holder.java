package org.caravanmta.cluster.lock;

/// Who holds the lock on a journal.
///
/// @param node its own name, which need not be that of the journal
/// @param address where the other nodes reach it
record Holder(String node, String address, Mark mark) {
  /// Nodes of older versions do not say it.
  private static final String PROVES = "proves-secret";

  static Holder read(byte[] bytes) {
    Fields fields = Fields.read(bytes);
    return new Holder(fields.text("node"), fields.text("address"), Mark.of(fields));
  }

  /// Whether whoever wrote this proves to the lock service that it knows `cluster.secret`.
  static boolean provesSecret(byte[] bytes) {
    return Fields.read(bytes).text(PROVES).equals("true");
  }

  byte[] bytes() {
    return mark.in(Fields.NONE.with("node", node).with("address", address))
        .with(PROVES, true)
        .bytes();
  }
}
