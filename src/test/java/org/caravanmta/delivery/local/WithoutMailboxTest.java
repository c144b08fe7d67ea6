package org.caravanmta.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Mail for users who are not there, or have no mailbox here.
class WithoutMailboxTest extends AliasedUsers {
  @Test
  void mailOfNobodyGoesToACommandOrAFile() throws IOException {
    Path out = directory.resolve("out");
    catchAll = "|cat > " + out + "; echo \"$user ${extension?<$extension>}\" >> " + out;
    assertThat(deliver("nobody-here").results().getFirst().attempt())
        .isInstanceOf(Attempt.Delivered.class);
    assertThat(out).content().contains("Delivered-To: nobody-here@").endsWith("nobody-here \n");
    catchAll = "/" + directory.toString().substring(1) + "/lost-$user";
    deliver("\"a/../../x;b\"");
    assertThat(directory.resolve("lost-a_.._.._x_b")).content().startsWith("From ");
    catchAll = "|echo $local > " + out;
    deliver("\"x;touch${IFS}" + directory + "/pwned\"");
    assertThat(out).content().startsWith("x_touch__IFS__");
    assertThat(directory.resolve("pwned")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"postmaster", "Mailer-Daemon", "double-bounce"})
  void mailForAPostmasterWhomNobodyHasNamedEnds(String user) throws IOException {
    keepPostmaster = false;
    TaskOutcome outcome = deliver(user);
    assertThat(outcome.results().getFirst().attempt())
        .isEqualTo(new Attempt.Delivered("discarded", "local"));
    assertThat(outcome.onward()).isEmpty();
    assertThat(delivered()).isEqualTo("-");
    aliases = user.toLowerCase(Locale.ROOT) + ": ann";
    assertThat(onward(deliver(user))).containsExactly("ann@ex.example");
    catchAll = "caught@far.example";
    aliases = "";
    assertThat(onward(deliver(user))).containsExactly("caught@far.example");
  }

  @Test
  void whoHasNoMailboxHasSomebodyToTakeItOrNobody() {
    assertFailed(deliver("nobody"), "5.1.1", "unknown user: \"nobody@ex.example\"");
    assertThat(deliver("postmaster").results().getFirst().attempt())
        .isInstanceOf(Attempt.Delivered.class);
    catchAll = "$user+$extension@far.example";
    assertThat(onward(deliver("nobody+x"))).containsExactly("nobody+x@far.example");
    // past his alias
    aliases = "ann: joe@far.example";
    catchAll = "\\ann";
    assertThat(onward(deliver("nobody"))).isEmpty();
    catchAll = "\\cec";
    assertFailed(deliver("nobody"), "5.1.1", "unknown user: \"nobody@ex.example\"");
    aliases = "";
    catchAll = "nobody";
    assertFailed(deliver("nobody"), "5.1.1", "unknown user: \"nobody@ex.example\"");
    fallback = "smtp:[other.example]";
    Mail passed = deliver("nobody").onward().getFirst();
    assertThat(passed.envelope().destination()).contains(Destination.of("smtp", "[other.example]"));
    assertThat(passed.recipients()).extracting(Recipient::address).hasSize(1);
    mailboxes = "drop:there";
    assertThat(deliver("ann").onward().getFirst().envelope().destination())
        .contains(Destination.of("pipe", "drop:there"));
    mailboxes = "lmtp:inet:127.0.0.1:24";
    assertThat(deliver("ann").onward().getFirst().envelope().destination())
        .contains(Destination.of("lmtp", "inet:127.0.0.1:24"));
  }

  @Test
  void aTableSaysItForSome() throws IOException {
    mailboxTable = "inline:{ann=lmtp:inet:127.0.0.1:24}";
    fallbackTable = "inline:{cec=smtp:[cec.example]}";
    assertThat(deliver("ann+x").onward().getFirst().envelope().destination())
        .contains(Destination.of("lmtp", "inet:127.0.0.1:24"));
    assertThat(deliver("cec").onward().getFirst().envelope().destination())
        .contains(Destination.of("smtp", "[cec.example]"));
    assertFailed(deliver("nobody"), "5.1.1", "unknown user: \"nobody@ex.example\"");
    fallbackTable = "fail:x";
    assertThat(deliver("nobody").results().getFirst().attempt())
        .isInstanceOf(Attempt.Deferred.class);
  }
}
