package org.caravanmta.address;

import java.net.InetAddress;

/// Some IP addresses: networks that the operator has named, or more than can be named, see {@link
/// Networks}.
@FunctionalInterface
public interface NetworkList {
  boolean contains(InetAddress address);
}
