package org.caravanmta.queue.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.queue.spi.QueuedMail.empty;
import static org.caravanmta.queue.spi.QueuedMail.envelope;
import static org.caravanmta.queue.spi.QueuedMail.here;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Status;
import org.caravanmta.message.Transport;
import org.junit.jupiter.api.Test;

/// Mail that the program before this one has left on the queues is what it was, and is written
/// again with the same bytes.
class QueuedMailTest {

  @Test
  void mailIsReadWithAllThatBelongsToIt() throws Exception {
    isRead("mail.txt", QueuedMail.all());
  }

  @Test
  void clientsAreReadWithAllThatIsKnownOfThem() throws Exception {
    var expected = new LinkedHashMap<String, Mail>();
    QueuedClients.all().forEach((name, envelope) -> expected.put(name, empty(envelope)));
    isRead("clients.txt", expected);
  }

  @Test
  void destinationsAreReadAsWhatTheyMean() throws Exception {
    var expected = new LinkedHashMap<String, Mail>();
    destinations()
        .forEach(
            (name, destination) ->
                expected.put(name, empty(envelope(here("maildrop")).with(destination))));
    isRead("destinations.txt", expected);
  }

  @Test
  void contentFiltersAreReadAsTheOperatorHasWrittenThem() throws Exception {
    var expected = new LinkedHashMap<String, Mail>();
    filters()
        .forEach(
            (name, filter) ->
                expected.put(name, empty(envelope(here("maildrop")).through(Optional.of(filter)))));
    isRead("filters.txt", expected);
  }

  /// Which are written as we write them; that is no other destination.
  @Test
  void destinationsWrittenInAnotherWayMeanTheSame() throws Exception {
    var recording = new Recording("spellings.txt");
    Map<String, Destination> expected =
        Map.of(
            "pipe archive:",
            new Destination.Program("archive", ""),
            "error error:5.1.1   User unknown",
            new Destination.Fail(why(5, 1, 1, "User unknown")),
            "error 5.1.1 User unknown",
            new Destination.Fail(why(5, 1, 1, "User unknown")));
    recording.names(expected.keySet());
    expected.forEach(
        (name, destination) -> {
          Mail mail = empty(envelope(here("maildrop")).with(destination));
          Mail read = (Mail) recording.read(name);
          Recording.same(read, mail);
          assertThat(Recording.written(read)).as(name).isEqualTo(Recording.written(mail));
        });
  }

  private static void isRead(String file, Map<String, Mail> expected) throws IOException {
    var recording = new Recording(file);
    recording.names(expected.keySet());
    SoftAssertions.assertSoftly(
        all ->
            expected.forEach(
                (name, mail) ->
                    all.assertThatCode(
                            () -> {
                              Mail read = (Mail) recording.read(name);
                              Recording.same(read, mail);
                              assertThat(Recording.written(read)).isEqualTo(recording.bytes(name));
                            })
                        .as("%s in %s", name, file)
                        .doesNotThrowAnyException()));
  }

  private static Map<String, Destination> destinations() {
    var all = new LinkedHashMap<String, Destination>();
    for (String hop :
        List.of(
            "example.org",
            "example.org:587",
            "[mx.example.org]",
            "[192.0.2.1]:2525",
            "[2001:db8::1]:25",
            "[IPv6:2001:db8::1]",
            "[192.0.2.1], backup.example:smtp",
            "bücher.example",
            "[192.0.2.1]:smtps")) {
      all.put("smtp " + hop, new Destination.Plain(Transport.SMTP, hop));
    }
    for (String hop :
        List.of(
            "inet:mx.example.org:24",
            "unix:/run/dovecot/lmtp",
            "unix:private/lmtp",
            "example.org")) {
      all.put("lmtp " + hop, new Destination.Plain(Transport.LMTP, hop));
    }
    all.put(
        "filter smtp:[127.0.0.1]:10025",
        new Destination.Filter(new Destination.Plain(Transport.SMTP, "[127.0.0.1]:10025")));
    all.put(
        "filter lmtp:unix:/run/filter",
        new Destination.Filter(new Destination.Plain(Transport.LMTP, "unix:/run/filter")));
    all.put(
        "filter smtp:example.org",
        new Destination.Filter(new Destination.Plain(Transport.SMTP, "example.org")));
    all.put("local example.org", new Destination.Plain(Transport.LOCAL, "example.org"));
    all.put("virtual example.org", new Destination.Plain(Transport.VIRTUAL, "example.org"));
    all.put("pipe archive:example.org", new Destination.Program("archive", "example.org"));
    all.put("pipe archive:a:b c", new Destination.Program("archive", "a:b c"));
    all.putAll(nowhere());
    all.put("slow example.org", new Destination.Other("slow", "example.org"));
    all.put("uucp far!joe", new Destination.Other("uucp", "far!joe"));
    all.put(
        "Relay [relay.example.org]:2525",
        new Destination.Other("Relay", "[relay.example.org]:2525"));
    return all;
  }

  private static Map<String, Destination> nowhere() {
    var all = new LinkedHashMap<String, Destination>();
    all.put("error error:5.1.1 User unknown", new Destination.Fail(why(5, 1, 1, "User unknown")));
    all.put(
        "error error:5.1.6 User has moved to joe@far.example",
        new Destination.Fail(why(5, 1, 6, "User has moved to joe@far.example")));
    all.put(
        "error error:4.7.1 of another class",
        new Destination.Fail(why(4, 7, 1, "of another class")));
    all.put("error error:gone, for good", new Destination.Fail(why("gone, for good")));
    all.put("error error:5.7.1", new Destination.Fail(why(5, 7, 1, "")));
    all.put("error error:", new Destination.Fail(why("")));
    all.put("error retry:4.3.2 Not now", new Destination.Retry(why(4, 3, 2, "Not now")));
    all.put("error retry:later: perhaps", new Destination.Retry(why("later: perhaps")));
    all.put("error retry:", new Destination.Retry(why("")));
    all.put("discard ", new Destination.Plain(Transport.DISCARD, ""));
    all.put("discard spam: yes", new Destination.Plain(Transport.DISCARD, "spam: yes"));
    return all;
  }

  private static Destination.Why why(String text) {
    return new Destination.Why(Optional.empty(), text);
  }

  private static Destination.Why why(int digit, int subject, int detail, String text) {
    return new Destination.Why(Optional.of(new Status(digit, subject, detail)), text);
  }

  private static Map<String, NamedTransport> filters() {
    var all = new LinkedHashMap<String, NamedTransport>();
    all.put("smtp:[127.0.0.1]:10025", new NamedTransport("smtp", "[127.0.0.1]:10025"));
    all.put("lmtp:unix:/run/filter", new NamedTransport("lmtp", "unix:/run/filter"));
    all.put("smtp:", new NamedTransport("smtp", ""));
    all.put("LMTP:[127.0.0.1]:24", new NamedTransport("LMTP", "[127.0.0.1]:24"));
    all.put("archive:user", new NamedTransport("archive", "user"));
    all.put("error:5.7.1", new NamedTransport("error", "5.7.1"));
    all.put("Retry:later", new NamedTransport("retry", "later"));
    all.put("discard:", new NamedTransport("discard", ""));
    return all;
  }
}
