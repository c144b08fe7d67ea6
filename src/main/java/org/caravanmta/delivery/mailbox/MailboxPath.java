package org.caravanmta.delivery.mailbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.account.SystemUser;
import org.caravanmta.address.Address;
import org.caravanmta.address.Idn;

/// Where the mailbox of a recipient is: a template below the data directory, `mail/%d/%u/Maildir/`,
/// with `%d` the domain and `%u` the user, both in lower case, the user without its extension (RFC
/// 5233 §1); or below the home directory of a user of the machine, `$home/Maildir/` (postfix
/// `home_mailbox`).
///
/// @param delimiters the characters that may start an extension; empty for no extensions
public record MailboxPath(Path directory, String template, String delimiters) {
  private static final String HOME = "$home/";

  /// A `/` at its end makes it a Maildir; without one it is an {@link Mbox}.
  public boolean maildir() {
    return template.endsWith("/");
  }

  /// Whether mailboxes are below the data directory, which is the server's.
  public boolean within() {
    return !template.startsWith("/") && !atHome();
  }

  /// Whether the place of a mailbox has its user's name, as his home directory, or the mailbox is a
  /// directory.
  public boolean personal() {
    return atHome()
        || !within() && template.substring(0, template.lastIndexOf('/') + 1).contains("%u");
  }

  private boolean atHome() {
    return template.startsWith(HOME);
  }

  /// The longest file name of the usual file systems is 255 bytes.
  private static final int LONGEST = 200;

  /// Empty for an address that can have no mailbox: a part of the path would lead elsewhere, or the
  /// machine has no such user.
  ///
  /// @throws UncheckedIOException if that cannot be determined
  public Optional<Path> of(Address address) {
    String user = user(address);
    String domain = address.domain().key();
    if (!safe(user) || !safe(domain)) {
      return Optional.empty();
    }
    if (atHome()) {
      return home(user).map(home -> home.resolve(filled(user, domain).substring(HOME.length())));
    }
    Path path = directory.resolve(filled(user, domain));
    // a mailbox that was made under the domain's other name stays the user's
    return Idn.other(domain)
        .filter(MailboxPath::safe)
        .map(other -> directory.resolve(filled(user, other)))
        .filter(other -> Files.exists(other) && !Files.exists(path))
        .or(() -> Optional.of(path));
  }

  private static Optional<Path> home(String user) {
    try {
      return SystemUser.named(user).map(SystemUser::home).map(Path::of).filter(Path::isAbsolute);
    } catch (IOException e) {
      throw new UncheckedIOException("the home directory of " + user, e);
    }
  }

  /// Both names in one pass, so that a `%d` in a user is only a user's.
  private String filled(String user, String domain) {
    var path = new StringBuilder();
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      char next = i + 1 < template.length() ? template.charAt(i + 1) : ' ';
      if (c == '%' && (next == 'u' || next == 'd')) {
        path.append(next == 'u' ? user : domain);
        i++;
      } else {
        path.append(c);
      }
    }
    return path.toString();
  }

  /// The user who owns the mailbox.
  public String user(Address address) {
    return user(address.localPart()).toLowerCase(Locale.ROOT);
  }

  private String user(String localPart) {
    for (int i = 1; i < localPart.length(); i++) {
      if (delimiters.indexOf(localPart.charAt(i)) >= 0) {
        return localPart.substring(0, i);
      }
    }
    return localPart;
  }

  private static boolean safe(String name) {
    return !name.isEmpty()
        && !name.startsWith(".")
        && !name.contains("..")
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))
        && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
  }
}
