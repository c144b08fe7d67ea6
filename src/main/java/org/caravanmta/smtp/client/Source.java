package org.caravanmta.smtp.client;

import java.net.InetAddress;
import java.util.Optional;
import org.caravanmta.address.Domain;

/// An address of ours that a server is called from.
///
/// @param address it has to be an address of this machine: no other is called from instead
/// @param helo the argument of EHLO for calls from there, which should be the name of the address
///   (RFC 5321 §4.1.1.1); absent for the usual one
public record Source(InetAddress address, Optional<Domain> helo) {}
