package org.caravanmta.state;

import java.util.List;

/// The senders that are blocked; shared by all servers at the database.
public interface SenderBlocks {
  /// Of a server that is only checked: nobody is.
  SenderBlocks NONE =
      new SenderBlocks() {
        @Override
        public List<BlockedSender> all() {
          return List.of();
        }

        @Override
        public boolean add(BlockedSender blocked) {
          return false;
        }

        @Override
        public boolean remove(String sender, String recipient) {
          return false;
        }
      };

  /// All of them, in the order of senders and recipients.
  List<BlockedSender> all() throws StateUnavailable;

  /// @return whether it was not there
  boolean add(BlockedSender blocked) throws StateUnavailable;

  /// @return whether it was there
  boolean remove(String sender, String recipient) throws StateUnavailable;
}
