package org.caravanmta.queue.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Progress;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.Letters;
import org.caravanmta.queue.selector.SelectorReader;

/// Letters of each kind on all queues, for verbs that go by a selector.
abstract class SelectedLetters extends AdminAtBroker {
  static final String REFUSED = "connect to mx.example.net[192.0.2.1]:25: Connection refused";

  static Mail to(String id, String... recipients) {
    return letter(id)
        .with(
            List.of(recipients).stream()
                .map(to -> Recipient.of(Address.parse(to)).because(Reason.of("4.4.1", REFUSED)))
                .toList());
  }

  static Mail hop(Mail mail, String transport, String nextHop) {
    return mail.with(mail.envelope().with(Destination.of(transport, nextHop)));
  }

  static Mail from(Mail mail, ReversePath sender) {
    return mail.with(mail.envelope().with(sender));
  }

  static Mail tried(Mail mail, int times) {
    return mail.with(
        mail.envelope().with(new Progress(times, 0, Letters.ARRIVED, Letters.ARRIVED)));
  }

  /// A letter of each kind, on all queues on which mail lies.
  void fill() throws Exception {
    put("routing", to("4A", "a@one.example"));
    put("delivery.smtp", hop(to("4B", "b@two.example"), "smtp", "two.example"));
    put(
        "deferred.1m",
        hop(to("4C", "c@one.example", "d@Two.Example"), "smtp", "[relay.example]:587"));
    put(
        "deferred.1m",
        from(hop(to("4D", "e@sub.one.example"), "lmtp", "unix:/run/lmtp"), ReversePath.NULL));
    put("deferred.1h", tried(hop(to("4E", "f@one.example"), "smtp", "one.example"), 7));
    put("hold", to("4F", "g@three.example"));
    put("report", new Notice(Notice.Action.FAILED, to("4G", "h@one.example")));
    put("dead", to("4H", "i@one.example"));
  }

  String found(String selector) throws Exception {
    var ids = new ArrayList<String>();
    admin.find(SelectorReader.read(selector), NOW, entry -> ids.add(entry.id().orElseThrow()));
    return ids.stream().sorted().collect(Collectors.joining(" "));
  }

  List<Touched> touched(Deed deed, boolean dry) throws Exception {
    var touched = new ArrayList<Touched>();
    String argument = deed == Deed.REROUTE ? "smtp:[192.0.2.9]:2525" : "";
    admin.change(new Order(deed, argument, SelectorReader.read("all"), dry, NOW), touched::add);
    return touched;
  }
}
