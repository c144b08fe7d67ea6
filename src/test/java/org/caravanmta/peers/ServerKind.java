package org.caravanmta.peers;

import java.util.Locale;

/// A kind of server in the table of what a client's TLS policy makes of it: how it behaves, whose
/// certificate it shows, and what the DNS says of it.
enum ServerKind {
  GOOD(Conduct.OFFERS, Shows.RIGHT, Tlsa.RIGHT),
  /// Its certificate names the host, and not the domain that mail is for.
  HOST_NAME_ONLY(Conduct.OFFERS, Shows.HOST_ONLY, Tlsa.RIGHT),
  WRONG_NAME(Conduct.OFFERS, Shows.OTHER_NAME, Tlsa.RIGHT),
  EXPIRED(Conduct.OFFERS, Shows.EXPIRED, Tlsa.RIGHT),
  SELF_SIGNED(Conduct.OFFERS, Shows.SELF_SIGNED, Tlsa.NONE),
  /// An authority that nobody trusts has issued its certificate, and the TLSA record is another's.
  UNKNOWN_AUTHORITY(Conduct.OFFERS, Shows.OTHER_AUTHORITY, Tlsa.OTHER),
  /// The signature of its TLSA record is wrong.
  BROKEN_TLSA(Conduct.OFFERS, Shows.RIGHT, Tlsa.SPOILED),
  /// Its TLSA record is one that no client can use (RFC 7672 §3.1.3).
  UNUSABLE_TLSA(Conduct.OFFERS, Shows.RIGHT, Tlsa.UNUSABLE),
  /// Its zone is not signed.
  UNSIGNED(Conduct.OFFERS, Shows.RIGHT, Tlsa.RIGHT),
  /// Its zone is signed by another key than its parent says.
  BOGUS(Conduct.OFFERS, Shows.RIGHT, Tlsa.RIGHT),
  NO_TLS(Conduct.NO_TLS, Shows.RIGHT, Tlsa.RIGHT),
  DEMANDS(Conduct.DEMANDS, Shows.RIGHT, Tlsa.NONE),
  WANTS_CERTIFICATE(Conduct.WANTS_CERTIFICATE, Shows.RIGHT, Tlsa.NONE),
  REFUSES(Conduct.REFUSES, Shows.RIGHT, Tlsa.NONE),
  CLOSES_AFTER_220(Conduct.CLOSES_AFTER_220, Shows.RIGHT, Tlsa.NONE),
  CLOSES_IN_HANDSHAKE(Conduct.CLOSES_IN_HANDSHAKE, Shows.RIGHT, Tlsa.RIGHT),
  HANGS_IN_HANDSHAKE(Conduct.HANGS_IN_HANDSHAKE, Shows.RIGHT, Tlsa.NONE),
  NO_COMMON_CIPHER(Conduct.NO_COMMON_CIPHER, Shows.RIGHT, Tlsa.NONE),
  OLD_VERSIONS(Conduct.OLD_VERSIONS, Shows.RIGHT, Tlsa.NONE),
  INJECTS(Conduct.INJECTS, Shows.RIGHT, Tlsa.NONE),
  CLOSES_AFTER_INNER_HELLO(Conduct.CLOSES_AFTER_INNER_HELLO, Shows.RIGHT, Tlsa.NONE),
  CHANGES_OFFERS(Conduct.CHANGES_OFFERS, Shows.RIGHT, Tlsa.NONE);

  /// Whose certificate is shown.
  enum Shows {
    RIGHT,
    HOST_ONLY,
    OTHER_NAME,
    EXPIRED,
    SELF_SIGNED,
    OTHER_AUTHORITY
  }

  /// What the TLSA record of its host says (RFC 6698).
  enum Tlsa {
    RIGHT,
    OTHER,
    SPOILED,
    UNUSABLE,
    NONE
  }

  final Conduct conduct;
  final Shows shows;
  final Tlsa tlsa;

  ServerKind(Conduct conduct, Shows shows, Tlsa tlsa) {
    this.conduct = conduct;
    this.shows = shows;
    this.tlsa = tlsa;
  }

  /// As a label of the DNS.
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The zone that its names are in.
  String zone() {
    return switch (this) {
      case UNSIGNED -> "plain.example";
      case BOGUS -> "forged.example";
      default -> "tls.example";
    };
  }

  /// The name of its only host.
  String host() {
    return "mx." + label() + "." + zone();
  }
}
