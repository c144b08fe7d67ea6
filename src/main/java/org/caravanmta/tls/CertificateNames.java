package org.caravanmta.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/// Reads the names in a certificate: the hosts that it is for (RFC 6125 §6.4), and the common names
/// of its subject and issuer.
public final class CertificateNames {
  /// The type of a DNS name among the subject alternative names (RFC 5280 §4.2.1.6).
  private static final int DNS = 2;

  private CertificateNames() {}

  /// Whether the certificate is for this host: by its name, or by a wildcard in place of the first
  /// label.
  public static boolean covers(X509Certificate certificate, String host) {
    String wanted = host.toLowerCase(Locale.ROOT);
    int dot = wanted.indexOf('.');
    String wildcard = dot < 0 ? "" : "*" + wanted.substring(dot);
    return hosts(certificate).stream().anyMatch(n -> n.equals(wanted) || n.equals(wildcard));
  }

  /// The common name; empty if there is none.
  public static String common(X500Principal principal) {
    try {
      for (Rdn part : new LdapName(principal.getName()).getRdns().reversed()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          return String.valueOf(part.getValue());
        }
      }
      return "";
    } catch (InvalidNameException e) {
      return "";
    }
  }

  /// The DNS names among the alternative names, in lower case; the common name if there are none.
  public static List<String> hosts(X509Certificate certificate) {
    var names = new ArrayList<String>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          if (alternative.get(0) instanceof Integer type && type == DNS) {
            names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
          }
        }
      }
    } catch (CertificateParsingException e) {
      // only the common name is left
    }
    if (names.isEmpty()) {
      names.add(common(certificate.getSubjectX500Principal()).toLowerCase(Locale.ROOT));
    }
    return names;
  }
}
