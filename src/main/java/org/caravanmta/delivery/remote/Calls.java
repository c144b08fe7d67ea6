package org.caravanmta.delivery.remote;

import java.util.ArrayList;
import java.util.Optional;
import org.caravanmta.headway.Headway;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NextHop;
import org.caravanmta.smtp.client.Approach;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.SmtpDialogue;
import org.caravanmta.smtp.client.Unreachable;

/// Calls servers, again by another approach where one has failed and there is another (RFC 7435
/// §5), and tells what each call has come to.
record Calls(Protocol protocol, SmtpCaller caller, Approaches approaches) {
  /// The most calls to one server for a message: from as many addresses of ours that this machine
  /// has lost, which costs next to nothing.
  private static final int MOST = 20;

  /// @param mail the message as it was given to us, by whose sender the approaches are
  /// @param pool of addresses that the server is called from; absent for the usual one
  /// @throws Unreachable if no call has succeeded
  SmtpDialogue open(Mail mail, NextHop hop, Peer peer, Approach first, Optional<String> pool)
      throws Unreachable {
    Approach approach = first;
    var failed = new ArrayList<Approach>();
    while (true) {
      try {
        SmtpDialogue dialogue = SmtpDialogue.open(peer, protocol, caller, approach);
        TlsTold.opened(hop, dialogue);
        return dialogue;
      } catch (Unreachable e) {
        if (Headway.current().isCut()) {
          throw e; // it is we who have ended it
        }
        failed.add(approach);
        Optional<Approach> other = approaches.instead(mail, peer, failed, e, pool);
        TlsTold.failed(hop, peer, approach, e, other.isPresent());
        if (other.isEmpty() || failed.size() == MOST) {
          throw e;
        }
        approach = other.get();
      }
    }
  }
}
