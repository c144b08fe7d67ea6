package org.caravanmta.address;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// A set of IP networks in CIDR form (RFC 4632 §3.1): `192.0.2.0/24`, `[2001:db8::]/32`, or a
/// single address. An IPv4-mapped IPv6 address counts as the IPv4 address.
public record Networks(List<Network> networks) implements NetworkList {
  public Networks {
    networks = List.copyOf(networks);
  }

  /// @throws IllegalArgumentException names the item that is not a network
  public static Networks of(List<String> items) {
    return new Networks(items.stream().map(Network::parse).toList());
  }

  @Override
  public boolean contains(InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  /// A rule of settings: who may name the client may name one of ours, so never the whole internet.
  ///
  /// @throws IllegalArgumentException says so of `key`
  public void notEverybody(String key) {
    if (networks.stream().anyMatch(network -> network.bits() == 0)) {
      throw new IllegalArgumentException(
          key + " must not hold the whole internet, or anybody could pass for one of our clients");
    }
  }

  /// @param prefix its leading `bits` are what counts
  public record Network(byte[] prefix, int bits) {
    /// @throws IllegalArgumentException says why the item is not a network
    public static Network parse(String item) {
      String text = item.strip();
      int slash = text.lastIndexOf('/');
      String host = slash < 0 ? text : text.substring(0, slash);
      byte[] prefix =
          (host.startsWith("[IPv6:") ? Optional.<InetAddress>empty() : Literals.address(host))
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "\""
                              + item
                              + "\" is not a network such as 192.0.2.0/24 or [2001:db8::]/32"))
              .getAddress();
      // of an IPv4-mapped prefix the first 96 bits are those of the mapping
      int mapping = prefix.length == 4 && host.contains(":") ? 96 : 0;
      int bits = slash < 0 ? prefix.length * 8 : length(text.substring(slash + 1), item) - mapping;
      if (bits < 0 || bits > prefix.length * 8) {
        throw new IllegalArgumentException(
            "\""
                + item
                + "\" has a prefix length outside "
                + mapping
                + " to "
                + (mapping + prefix.length * 8));
      }
      var network = new Network(prefix, bits);
      if (!network.isBase()) {
        throw new IllegalArgumentException(
            "\"" + item + "\" has address bits after its prefix of " + (mapping + bits));
      }
      return network;
    }

    private static int length(String digits, String item) {
      if (!digits.matches("\\d{1,3}")) {
        throw new IllegalArgumentException(
            "\"" + item + "\" is not a network such as 192.0.2.0/24");
      }
      return Integer.parseInt(digits);
    }

    /// Whether both are IPv4, or both IPv6.
    public boolean sameFamily(InetAddress address) {
      return address.getAddress().length == prefix.length;
    }

    public boolean contains(InetAddress of) {
      byte[] address = of.getAddress();
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
