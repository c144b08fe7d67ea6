package org.caravanmta.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// A set of IP networks in CIDR form (RFC 4632 §3.1): `192.0.2.0/24`, `[2001:db8::]/32`, or a
/// single address. An IPv4-mapped IPv6 address counts as the IPv4 address.
public record Networks(List<Network> networks) {
  public Networks {
    networks = List.copyOf(networks);
  }

  /// @throws IllegalArgumentException names the item that is not a network
  public static Networks of(List<String> items) {
    return new Networks(items.stream().map(Network::parse).toList());
  }

  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return networks.stream().anyMatch(network -> network.contains(bytes));
  }

  /// @param prefix its leading `bits` are what counts
  public record Network(byte[] prefix, int bits) {
    static Network parse(String item) {
      String text = item.strip();
      int slash = text.lastIndexOf('/');
      String host = (slash < 0 ? text : text.substring(0, slash)).replaceAll("^\\[|\\]$", "");
      if (!host.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
        throw new IllegalArgumentException(
            "\"" + item + "\" is not a network such as 192.0.2.0/24 or [2001:db8::]/32");
      }
      try {
        byte[] prefix = InetAddress.getByName(host).getAddress();
        int bits = slash < 0 ? prefix.length * 8 : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0
            || bits > prefix.length * 8
            || host.chars().filter(c -> c == '.').count() % 3 != 0) {
          throw new IllegalArgumentException(
              "\"" + item + "\" has a prefix length outside 0 to " + prefix.length * 8);
        }
        var network = new Network(prefix, bits);
        if (!network.isBase()) {
          throw new IllegalArgumentException(
              "\"" + item + "\" has address bits behind its prefix of " + bits);
        }
        return network;
      } catch (UnknownHostException | NumberFormatException e) {
        throw new IllegalArgumentException(
            "\"" + item + "\" is not a network such as 192.0.2.0/24", e);
      }
    }

    boolean contains(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != prefix[i]) {
          return false;
        }
      }
      int mask = 0xff << (8 - bits % 8);
      return bits % 8 == 0 || (address[whole] & mask) == (prefix[whole] & mask);
    }

    private boolean isBase() {
      for (int bit = bits; bit < prefix.length * 8; bit++) {
        if ((prefix[bit / 8] >> (7 - bit % 8) & 1) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
