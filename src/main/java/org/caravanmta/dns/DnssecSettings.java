package org.caravanmta.dns;

import java.nio.file.Path;
import java.util.Optional;

/// The keys of the section `dns` about DNSSEC (RFC 4033).
///
/// @param dnssec who validates
/// @param trustServers whether name servers on other machines are believed too: anybody on the way
///   can forge what they say
/// @param trustAnchors a file of DS or DNSKEY records to begin with, if we validate; absent for the
///   keys of the root
/// @param signedName a name that is signed, of which the self-test asks for the SOA record
/// @param bogusName a name whose signatures are wrong, of which it asks for the address; empty for
///   none
public record DnssecSettings(
    Dnssec dnssec,
    boolean trustServers,
    Optional<Path> trustAnchors,
    String signedName,
    String bogusName) {
  /// By the name servers of this machine, with public names for the self-test.
  public static final DnssecSettings USUAL =
      new DnssecSettings(Dnssec.RESOLVER, false, Optional.empty(), "org", "dnssec-failed.org");

  public DnssecSettings {
    if (signedName.isBlank()) {
      throw new IllegalArgumentException("signed-name must be a name");
    }
  }
}
