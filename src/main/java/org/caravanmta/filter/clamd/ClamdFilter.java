package org.caravanmta.filter.clamd;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Pattern;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.FilterSocket;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.filter.contract.UnreadableMessage;
import org.caravanmta.filter.contract.WireInput;
import org.caravanmta.smtp.Reply;

/// Has clamd scan each message (clamd(8), `INSTREAM`): the bytes go over the connection, so that
/// the scanner may be on another machine, and needs no right to read our files.
public final class ClamdFilter implements MessageFilter {
  private static final int CHUNK = 64 * 1024;

  private static final Pattern FOUND =
      Pattern.compile("stream: (.*)\\bFOUND(?:\n.*)?", Pattern.DOTALL);

  private static final String TOO_LARGE = "INSTREAM size limit exceeded";

  private final FilterAddress address;
  private final FilterPatience patience;

  public ClamdFilter(FilterAddress address, FilterPatience patience) {
    this.address = address;
    this.patience = patience;
  }

  @Override
  public FilterAnswer examine(Examined message) {
    try (FilterSocket socket = FilterSocket.connect(address, patience.connect())) {
      String said = socket.within(patience.content(), () -> scan(socket, message));
      return answer(said);
    } catch (IOException e) {
      return FilterAnswer.none(String.valueOf(e.getMessage()), e);
    }
  }

  private static String scan(FilterSocket socket, Examined message) throws IOException {
    var out = new DataOutputStream(new BufferedOutputStream(socket.out(), CHUNK + 4));
    out.writeBytes("zINSTREAM\0");
    try (InputStream whole = message.whole()) {
      byte[] chunk = new byte[CHUNK];
      for (int length = whole.read(chunk); length >= 0; length = whole.read(chunk)) {
        if (length > 0) {
          out.writeInt(length);
          out.write(chunk, 0, length);
        }
      }
      out.writeInt(0);
      out.flush();
    } catch (UnreadableMessage e) {
      // clamd waits for the rest, and has nothing to say
      throw e;
    } catch (IOException e) {
      // it says why it does not want more, and closes
      return early(socket, e);
    }
    return said(socket.in());
  }

  private static String early(FilterSocket socket, IOException why) throws IOException {
    try {
      return said(socket.in());
    } catch (IOException e) {
      why.addSuppressed(e);
      throw why;
    }
  }

  private static String said(InputStream in) throws IOException {
    return new WireInput(in).text().strip();
  }

  private FilterAnswer answer(String said) {
    var found = FOUND.matcher(said);
    if (found.matches()) {
      // whatever it is called, something has been found
      String name = found.group(1).isBlank() ? "unnamed" : found.group(1).strip();
      return new FilterAnswer(
          new Judgement.Refuse(
              Reply.of(554, "5.7.1", "Message contains malware (" + WireInput.shown(name) + ")")),
          List.of(),
          "found=" + WireInput.shown(name));
    }
    return said.equals("stream: OK")
        ? FilterAnswer.of(Judgement.PASS)
        : FilterAnswer.of(
            new Judgement.NoAnswer(
                address + ": " + WireInput.shown(said),
                said.startsWith(TOO_LARGE)
                    ? Judgement.NoAnswer.Cause.MESSAGE
                    : Judgement.NoAnswer.Cause.SERVER));
  }
}
