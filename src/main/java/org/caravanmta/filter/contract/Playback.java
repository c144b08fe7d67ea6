package org.caravanmta.filter.contract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.DialogueEvent;

/// A content filter that follows dialogues, asked about a message whose dialogue is over: it is
/// told the steps once more, as the envelope has them (postfix `non_smtpd_milters`). What it says
/// of a step counts for the message; a recipient cannot be refused alone any more, so that what it
/// says of one counts for all.
public record Playback(DialogueFilter filter) implements MessageFilter {
  @Override
  public void revive() {
    filter.revive();
  }

  @Override
  public void close() {
    filter.close();
  }

  @Override
  public FilterAnswer examine(Examined message) {
    Envelope envelope = message.mail().envelope();
    try (Follower follower = message.later() ? filter.followLater() : filter.follow()) {
      for (DialogueEvent event : events(envelope)) {
        Judgement judgement = follower.hear(envelope.client(), event);
        if (!(judgement instanceof Judgement.Pass)) {
          return FilterAnswer.of(judgement);
        }
      }
      return follower.examine(message);
    }
  }

  private static List<DialogueEvent> events(Envelope envelope) {
    var events = new ArrayList<DialogueEvent>();
    Client client = envelope.client();
    events.add(new DialogueEvent.Connected(1));
    if (!client.helo().isEmpty()) {
      events.add(new DialogueEvent.Greeted());
    }
    events.add(sender(envelope));
    events.addAll(recipients(envelope));
    events.add(new DialogueEvent.Data(envelope.id()));
    return events;
  }

  /// The sender as the client has given it.
  public static DialogueEvent.Sender sender(Envelope envelope) {
    ReversePath sender = envelope.reversePath();
    return new DialogueEvent.Sender(sender, sender.toString(), parameters(envelope.parameters()));
  }

  /// The recipients as the client has given them, each once. The first comes before there is a
  /// queue id, as in a dialogue.
  public static List<DialogueEvent.Recipient> recipients(Envelope envelope) {
    var given = new LinkedHashMap<String, Recipient>();
    envelope.recipients().forEach(each -> given.putIfAbsent(each.original().key(), each));
    var told = new ArrayList<DialogueEvent.Recipient>();
    for (Recipient each : given.values()) {
      told.add(
          new DialogueEvent.Recipient(
              each.original(),
              each.original().toString(),
              parameters(each),
              told.isEmpty() ? Optional.empty() : Optional.of(envelope.id())));
    }
    return told;
  }

  /// Those recipients that a filter has not heard of in the dialogue, since an earlier filter had
  /// decided about them. Recipients that earlier filters have added stand after those that the
  /// client has given; as in Postfix, a filter that has followed the dialogue is not told of them.
  ///
  /// @param heard the keys of those that it has heard of
  /// @param last whether it has heard all that came after the last of them
  public static List<DialogueEvent.Recipient> missed(
      Envelope envelope, Set<String> heard, boolean last) {
    List<DialogueEvent.Recipient> all = recipients(envelope);
    int end = all.size();
    while (last && !heard.isEmpty() && end > 0 && !isHeard(all.get(end - 1), heard)) {
      end--;
    }
    return all.subList(0, end).stream().filter(each -> !isHeard(each, heard)).toList();
  }

  private static boolean isHeard(DialogueEvent.Recipient recipient, Set<String> heard) {
    return heard.contains(recipient.recipient().key());
  }

  private static List<String> parameters(MailOptions options) {
    var words = new ArrayList<String>();
    options
        .body()
        .ifPresent(
            body ->
                words.add(
                    "BODY="
                        + switch (body) {
                          case SEVENBIT -> "7BIT";
                          case EIGHTBITMIME -> "8BITMIME";
                          case BINARYMIME -> "BINARYMIME";
                        }));
    if (options.smtputf8()) {
      words.add("SMTPUTF8");
    }
    options.ret().ifPresent(ret -> words.add("RET=" + ret));
    options.envid().ifPresent(envid -> words.add("ENVID=" + envid));
    if (options.requireTls()) {
      words.add("REQUIRETLS");
    }
    return words;
  }

  private static List<String> parameters(Recipient recipient) {
    var words = new ArrayList<String>();
    recipient.notifyOn().ifPresent(notify -> words.add("NOTIFY=" + names(notify)));
    recipient.orcpt().ifPresent(orcpt -> words.add("ORCPT=" + orcpt));
    return words;
  }

  private static String names(Notify notify) {
    return notify.events().isEmpty()
        ? "NEVER"
        : notify.events().stream().sorted().map(Enum::name).collect(Collectors.joining(","));
  }
}
