package org.caravanmta.delivery.local;

import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.alias.Fillable;
import org.caravanmta.table.Extensions;

/// Who takes the mail of users who are not here (RFC 5321 §3.9; postfix `luser_relay`): an address
/// in which `$user`, `${user}` or `$(user)` stands for a part of the recipient's,
/// `${extension?TEXT}` for a text if there is that part, `${extension:TEXT}` if there is not, and
/// `${extension?{TEXT}:{TEXT}}` for one of two. `$home` and `$shell` are empty, as a user who is
/// not here has neither; `$$` is a dollar. Or a `|command` or a `/file`, with the same names.
///
/// @param text empty for nobody
public record CatchAll(String text) {
  /// @throws IllegalArgumentException says what was expected
  public CatchAll {
    Fillable.parse(text, Fillable.OF_A_USER);
  }

  boolean isNone() {
    return text.isEmpty();
  }

  /// For one recipient: an address, possibly without a domain, one of our users after a backslash,
  /// a `|command` or a `/file`.
  String of(Address recipient, Extensions extensions) {
    Optional<Extensions.Split> split = extensions.split(recipient);
    String local = quoted(recipient.localPart());
    String domain = quoted(recipient.domain().name());
    String extension = split.map(Extensions.Split::extension).orElse("");
    var values =
        Map.of(
            "user",
            split.map(s -> quoted(s.base().localPart())).orElse(local),
            "local",
            local,
            "mailbox",
            local,
            "extension",
            extension.isEmpty() ? "" : quoted(extension.substring(1)),
            "domain",
            domain,
            "recipient",
            local + "@" + domain,
            "recipient_delimiter",
            extension.isEmpty() ? "" : extension.substring(0, 1),
            "home",
            "",
            "shell",
            "");
    return Fillable.parse(text, Fillable.OF_A_USER).with(values);
  }

  /// Text from outside is only ever used within a local part, and never holds a character that
  /// means something to a shell or the file system.
  private String quoted(String part) {
    String plain = part.replaceAll("[^0-9A-Za-z!#%&'*+/=?^_{|}~.-]", "_");
    return !text.startsWith("|") && !text.startsWith("/")
        ? plain
        : plain.replaceAll("[^0-9A-Za-z%+=._-]", "_").replaceFirst("^[.-]", "_");
  }
}
