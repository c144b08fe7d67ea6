package org.caravanmta.delivery.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.caravanmta.account.SystemUser;
import org.caravanmta.address.Address;
import org.junit.jupiter.api.Test;

class MailboxPathTest {
  private static final Path DATA = Path.of("/var/caravan");

  @Test
  void mailboxesAreWhereTheTemplateSays() {
    var maildir = new MailboxPath(DATA, "mail/%d/%u/Maildir/", "+");
    assertThat(maildir.of(Address.parse("Ann+x@Ex.example")))
        .contains(Path.of("/var/caravan/mail/ex.example/ann/Maildir"));
    assertThat(maildir.of(Address.parse("\"../x\"@ex.example"))).isEmpty();
    assertThat(new MailboxPath(DATA, "/var/mail/%u", "+").of(Address.parse("ann@ex.example")))
        .contains(Path.of("/var/mail/ann"));
  }

  /// Postfix: home_mailbox.
  @Test
  void aUserOfTheMachineHasHisAtHome() throws Exception {
    String home = SystemUser.named("nobody").orElseThrow().home();
    var maildir = new MailboxPath(DATA, "$home/Maildir/", "+");
    assertThat(maildir.of(Address.parse("Nobody+x@ex.example"))).contains(Path.of(home, "Maildir"));
    assertThat(maildir.maildir()).isTrue();
    assertThat(maildir.within()).isFalse();
    assertThat(maildir.personal()).isTrue();
    var file = new MailboxPath(DATA, "$home/mail/inbox", "");
    assertThat(file.of(Address.parse("nobody@ex.example"))).contains(Path.of(home, "mail/inbox"));
    assertThat(file.maildir()).isFalse();
    assertThat(file.of(Address.parse("no-such-user-here@ex.example"))).isEmpty();
  }
}
