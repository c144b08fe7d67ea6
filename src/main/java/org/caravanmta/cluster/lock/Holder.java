package org.caravanmta.cluster.lock;

/// Who holds the lock on a journal.
///
/// @param node its own name, which need not be that of the journal
/// @param address where the other nodes reach it
record Holder(String node, String address, Mark mark) {
  static Holder read(byte[] bytes) {
    Fields fields = Fields.read(bytes);
    return new Holder(fields.text("node"), fields.text("address"), Mark.of(fields));
  }

  byte[] bytes() {
    return mark.in(Fields.NONE.with("node", node).with("address", address)).bytes();
  }
}
