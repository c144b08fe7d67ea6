package org.caravanmta.state;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.Literals;
import org.caravanmta.address.ReversePath;

/// Who sends to whom from where: what greylisting remembers (RFC 6647 §2.4).
///
/// @param network the client's /24 or /64, since large senders retry from a neighbour
/// @param sender as a table key, without its extension, and with `#` for each number in its local
///   part: an address that changes with every message (VERP, BATV) is one sender's; empty for the
///   null reverse path
/// @param recipient as a table key
public record Triplet(String network, String sender, String recipient) {
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  public static Triplet of(InetAddress client, ReversePath sender, Address recipient) {
    return new Triplet(
        network(client),
        switch (sender) {
          case ReversePath.Null() -> "";
          case ReversePath.Mailbox(Address address) -> sender(address);
        },
        recipient.key());
  }

  private static String sender(Address address) {
    String local = address.localPart();
    int extension = local.indexOf('+');
    String base = extension > 0 ? local.substring(0, extension) : local;
    return new Address(NUMBER.matcher(base).replaceAll("#"), address.domain()).key();
  }

  private static String network(InetAddress client) {
    byte[] bytes = client.getAddress();
    int kept = client instanceof Inet4Address ? 3 : 8;
    Arrays.fill(bytes, kept, bytes.length, (byte) 0);
    try {
      return Literals.text(InetAddress.getByAddress(bytes)) + "/" + kept * 8;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
    }
  }
}
