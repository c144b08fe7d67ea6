package org.caravanmta.policy.greylist;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;

/// Who sends to whom from where: what greylisting remembers (RFC 6647 §2.3).
///
/// @param network the client's /24 or /64, since large senders retry from a neighbour (RFC 6647 §5)
/// @param sender as a table key; empty for the null reverse path
/// @param recipient as a table key
public record Triplet(String network, String sender, String recipient) {
  static Triplet of(InetAddress client, ReversePath sender, Address recipient) {
    return new Triplet(
        network(client),
        switch (sender) {
          case ReversePath.Null() -> "";
          case ReversePath.Mailbox(Address address) -> address.key();
        },
        recipient.key());
  }

  private static String network(InetAddress client) {
    byte[] bytes = client.getAddress();
    int kept = client instanceof Inet4Address ? 3 : 8;
    Arrays.fill(bytes, kept, bytes.length, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes).getHostAddress() + "/" + kept * 8;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
    }
  }
}
