package org.caravanmta.filter.spamd;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.FilterSocket;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.filter.contract.RemadeMessage;
import org.caravanmta.filter.contract.WireInput;
import org.caravanmta.smtp.Reply;

/// Has spamd judge each message, and takes the fields that SpamAssassin adds.
public final class SpamdFilter implements MessageFilter {
  private static final int BLOCK = 64 * 1024;
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d{1,18})");
  private static final Pattern STATUS = Pattern.compile("SPAMD/\\S+ (\\d+) (.*)");

  private final FilterAddress address;
  private final FilterPatience patience;
  private final SpamdTerms terms;

  public SpamdFilter(FilterAddress address, FilterPatience patience, SpamdTerms terms) {
    this.address = address;
    this.patience = patience;
    this.terms = terms;
  }

  @Override
  public FilterAnswer examine(Examined message) {
    if (message.mail().size() > terms.sizeLimit()) {
      return new FilterAnswer(Judgement.PASS, List.of(), "too large to be shown");
    }
    try (FilterSocket socket = FilterSocket.connect(address, patience.connect())) {
      return socket.within(patience.content(), () -> ask(socket, message));
    } catch (IOException e) {
      return FilterAnswer.none(String.valueOf(e.getMessage()), e);
    }
  }

  private FilterAnswer ask(FilterSocket socket, Examined message) throws IOException {
    OutputStream out = new BufferedOutputStream(socket.out(), BLOCK);
    var head =
        new StringBuilder(terms.command().name())
            .append(" SPAMC/1.5\r\nContent-length: ")
            .append(message.mail().size())
            .append("\r\n");
    terms.user().ifPresent(user -> head.append("User: ").append(user).append("\r\n"));
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    message.writeTo(out);
    out.flush();
    socket.endOutput();

    var in = new WireInput(socket.in());
    String first = in.line();
    var status = STATUS.matcher(first);
    if (!status.matches() || !status.group(1).equals("0")) {
      throw new IOException("spamd says \"" + WireInput.shown(first) + "\"");
    }
    Optional<SpamScore> score = Optional.empty();
    Optional<Long> length = Optional.empty();
    for (String line = in.line(); !line.isEmpty(); line = in.line()) {
      Optional<SpamScore> said = SpamScore.of(line);
      score = said.isPresent() ? said : score;
      var announced = LENGTH.matcher(line);
      length = announced.matches() ? Optional.of(Long.valueOf(announced.group(1))) : length;
    }
    if (score.isEmpty()) {
      throw new IOException("an answer without a score");
    }
    long start = in.position();
    List<Edit> edits = edits(in, message);
    if (terms.command() != SpamdTerms.Command.CHECK
        && (length.isEmpty() || in.position() - start != length.get())) {
      throw new IOException(
          "an answer of " + (in.position() - start) + " bytes, not " + length.orElse(0L));
    }
    return answer(score.get(), edits);
  }

  private FilterAnswer answer(SpamScore score, List<Edit> edits) {
    boolean refused =
        terms.refuseAt().isPresent() && score.reached() >= terms.refuseAt().getAsDouble();
    return refused
        ? new FilterAnswer(
            new Judgement.Refuse(Reply.of(550, "5.7.1", "Message rejected as spam")),
            List.of(),
            score.toString(),
            OptionalDouble.of(score.reached()))
        : new FilterAnswer(
            Judgement.PASS, edits, score.toString(), OptionalDouble.of(score.reached()));
  }

  private List<Edit> edits(WireInput in, Examined message) throws IOException {
    return switch (terms.command()) {
      case CHECK -> List.of();
      case HEADERS -> List.of(RemadeMessage.headers(in, message));
      case PROCESS -> RemadeMessage.read(in, message);
    };
  }
}
