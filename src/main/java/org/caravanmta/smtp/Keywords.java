package org.caravanmta.smtp;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravanmta.address.Ascii;

/// Some of the keywords of EHLO (RFC 5321 §4.1.1.1), as an operator names them (Postfix:
/// smtpd_discard_ehlo_keywords).
///
/// @param extensions of which they are
/// @param silent whether the log is not to tell of them, `silent-discard`
public record Keywords(Set<Extension> extensions, boolean silent) {
  public static final Keywords NONE = new Keywords(Set.of(), false);

  private static final String SILENT = "silent-discard";

  /// Extensions that Postfix has and we do not offer.
  private static final List<String> OTHERS = List.of("XVERP", "REQUIRETLS");

  public Keywords {
    extensions = Set.copyOf(extensions);
  }

  /// Reads them, in any case.
  ///
  /// @throws IllegalArgumentException names the word that is not one, and those that are
  public static Keywords of(Collection<String> words) {
    var extensions = EnumSet.noneOf(Extension.class);
    boolean silent = false;
    for (String word : words) {
      if (Ascii.same(word, SILENT)) {
        silent = true;
      } else if (OTHERS.stream().noneMatch(other -> Ascii.same(other, word))) {
        extensions.add(
            Extension.of(word)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "\"" + word + "\", which is not one of " + all())));
      }
    }
    return new Keywords(extensions, silent);
  }

  private static String all() {
    return Stream.concat(
            Arrays.stream(Extension.values()).map(Extension::toString), Stream.of(SILENT))
        .map(Ascii::lower)
        .collect(Collectors.joining(", "));
  }

  /// As the log names them: `DSN CHUNKING`.
  @Override
  public String toString() {
    return extensions.stream().sorted().map(Extension::toString).collect(Collectors.joining(" "));
  }
}
