package org.caravanmta.table;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;

/// The extension of an address (RFC 5233 §1 calls it detail): what follows the first delimiter in
/// its local part, as in `user+news@example.org`.
///
/// @param delimiters each character is one; none: no address has an extension
public record Extensions(String delimiters) {
  /// Never split, whatever they contain.
  private static final Set<String> WHOLE = Set.of("postmaster", "mailer-daemon", "double-bounce");

  /// The two parts, when there is an extension. A local part that starts with a delimiter has none;
  /// `user+` has the empty one.
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

  /// @param base the address without its extension
  /// @param extension with its delimiter: `+news`
  public record Split(Address base, String extension) {}
}
