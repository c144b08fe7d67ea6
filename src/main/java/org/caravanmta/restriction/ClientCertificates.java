package org.caravanmta.restriction;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.caravanmta.event.Events;
import org.caravanmta.event.RestrictionEvent;
import org.caravanmta.message.ClientCertificate;
import org.caravanmta.restriction.access.AccessTable;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;

/// What is asked of the certificate that a client has shown in its TLS handshake (RFC 8446 §4.4.2).
/// Tables know it by the fingerprint of the certificate, or of its public key: `D7:04:2F:…`.
final class ClientCertificates {
  private final AccessRestrictions access;

  ClientCertificates(AccessRestrictions access) {
    this.access = access;
  }

  /// What of a certificate a table is asked about.
  private enum Key {
    CERT_FINGERPRINT,
    PUBKEY_FINGERPRINT;

    String of(ClientCertificate shown) {
      return switch (this) {
        case CERT_FINGERPRINT -> shown.fingerprint();
        case PUBKEY_FINGERPRINT -> shown.keyFingerprint();
      };
    }
  }

  /// An authority that the operator trusts vouches for it (postfix `permit_tls_all_clientcerts`).
  static Finding anyVerified(RestrictedCase asked) {
    return asked.client().certificate().filter(ClientCertificate::verified).isPresent()
        ? Finding.OK
        : Finding.DUNNO;
  }

  /// It is one of those listed (postfix `permit_tls_clientcerts`).
  Restriction listed(SearchPath fingerprints) {
    return asked ->
        switch (find(fingerprints, asked, List.of(Key.values()))) {
          case Search.Found _ -> Finding.OK;
          case Search.Absent() -> Finding.DUNNO;
          case Search.Unavailable(String why) -> {
            Events.tell(new RestrictionEvent.Undecided("client certificates: " + why));
            yield Finding.BROKEN;
          }
        };
  }

  /// What a table says of it (postfix `check_ccert_access`): `TABLE`, or `{ TABLE, { search_order =
  /// pubkey_fingerprint } }`.
  ///
  /// @param open opens a table
  Restriction check(ListWords arguments, Function<String, AccessTable> open) {
    String written =
        arguments.argument("check_ccert_access", "a table such as texthash:/etc/caravan/access");
    List<Key> order = List.of(Key.values());
    String named = written;
    if (written.startsWith("{") && written.endsWith("}")) {
      ListWords inside = ListWords.of(written.substring(1, written.length() - 1));
      named = inside.argument("check_ccert_access", "a table such as texthash:/etc/caravan/access");
      while (inside.more()) {
        order = order(inside.next());
      }
    }
    AccessTable table = open.apply(named);
    List<Key> keys = order;
    return asked ->
        access.finding(
            asked,
            new ReplySubject(ReplySubject.CERTIFICATE, asked.client().toString()),
            find(table.path(), asked, keys));
  }

  private static Search find(SearchPath path, RestrictedCase asked, List<Key> keys) {
    Search found = new Search.Absent();
    if (asked.client().certificate().isPresent()) {
      ClientCertificate shown = asked.client().certificate().get();
      for (Key key : keys) {
        if (found instanceof Search.Absent) {
          found = path.find(key.of(shown));
        }
      }
    }
    return found;
  }

  /// @param written `{ search_order = cert_fingerprint, pubkey_fingerprint }`
  private static List<Key> order(String written) {
    String text = written.replaceAll("^\\{|}$", "").strip();
    int equals = text.indexOf('=');
    if (equals < 0 || !text.substring(0, equals).strip().equals("search_order")) {
      throw new IllegalArgumentException(
          "check_ccert_access: expected search_order = ..., found \"" + written + "\"");
    }
    var order = new ArrayList<Key>();
    for (ListWords words = ListWords.of(text.substring(equals + 1)); words.more(); ) {
      String word = words.next();
      order.add(
          switch (word) {
            case "cert_fingerprint" -> Key.CERT_FINGERPRINT;
            case "pubkey_fingerprint" -> Key.PUBKEY_FINGERPRINT;
            default ->
                throw new IllegalArgumentException(
                    "search_order: expected cert_fingerprint or pubkey_fingerprint, found " + word);
          });
    }
    return List.copyOf(order);
  }
}
