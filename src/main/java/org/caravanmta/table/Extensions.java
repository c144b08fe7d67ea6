package org.caravanmta.table;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;

/// How the extension of an address is told from its base (postfix `recipient_delimiter`; RFC 5233
/// §4 calls it detail): it begins at the first delimiter of the local part, as in
/// `user+news@example.org`.
///
/// @param delimiters each character is a delimiter; none: no address has an extension
public record Extensions(String delimiters) {
  /// Local parts that are never split.
  private static final Set<String> WHOLE = Set.of("postmaster", "mailer-daemon", "double-bounce");

  /// The base and the extension of an address; absent when it has no extension. A local part that
  /// starts with a delimiter has none; that of `user+` is the delimiter alone. With `-` as a
  /// delimiter, `owner-list` and `list-request` are not split.
  public Optional<Split> split(Address address) {
    String local = address.localPart();
    String folded = local.toLowerCase(Locale.ROOT);
    boolean request = folded.startsWith("owner-") || folded.endsWith("-request");
    if (WHOLE.contains(folded) || request && delimiters.indexOf('-') >= 0) {
      return Optional.empty();
    }
    for (int i = 0; i < local.length(); i++) {
      if (delimiters.indexOf(local.charAt(i)) >= 0) {
        return i == 0
            ? Optional.empty()
            : Optional.of(
                new Split(
                    new Address(local.substring(0, i), address.domain()), local.substring(i)));
      }
    }
    return Optional.empty();
  }

  /// An address in its two parts.
  ///
  /// @param base the address without its extension
  /// @param extension with its delimiter: `+news`
  public record Split(Address base, String extension) {}
}
