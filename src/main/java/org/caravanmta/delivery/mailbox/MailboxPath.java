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

/// The rule for where the mailbox of a recipient is (RFC 5321 §4.4). The template is a path,
/// relative to the data directory, such as `mail/%d/%u/Maildir/`, in which `%d` is the domain and
/// `%u` the user, both in lower case, the user without the extension (RFC 5233 §1); or it is below
/// the home directory of a user of the machine, such as `$home/Maildir/` (postfix `home_mailbox`).
///
/// @param delimiters the characters that begin an extension (postfix `recipient_delimiter`); empty
///   for no extensions
public record MailboxPath(Path directory, String template, String delimiters) {
  private static final String HOME = "$home/";

  /// Whether mailboxes are Maildirs, which a `/` at the end of the template says; if not, they are
  /// {@link Mbox} files.
  public boolean maildir() {
    return template.endsWith("/");
  }

  /// Whether mailboxes are below the data directory, which is the server's.
  public boolean within() {
    return !template.startsWith("/") && !atHome();
  }

  /// Whether a mailbox is in a directory of its user's own: the home directory, or one outside the
  /// data directory whose path has the user's name.
  public boolean personal() {
    return atHome()
        || !within() && template.substring(0, template.lastIndexOf('/') + 1).contains("%u");
  }

  private boolean atHome() {
    return template.startsWith(HOME);
  }

  /// The most bytes of a user or domain in a path: file systems take file names of 255 bytes, and
  /// the template and the lock file may add to the name.
  private static final int LONGEST = 200;

  /// The mailbox of an address; absent for an address that cannot have one, because its user or
  /// domain would lead the path elsewhere, or the machine has no such user.
  ///
  /// @throws UncheckedIOException when the user cannot be looked up now
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

  /// The template with user and domain put in, in one pass, so that a `%d` in the name of a user
  /// stays as it is.
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

  /// The user whose mailbox it is: the local part in lower case, without its extension.
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
