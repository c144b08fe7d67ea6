package org.caravanmta.cluster.share;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.share.Portion;
import org.jspecify.annotations.Nullable;

/// Carries reports to an owner, and answers back, over a connection that is opened again when it
/// breaks. Not safe for use by several threads.
final class Post implements Asker.Asking {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int MOST = 1_000_000;

  private final String owner;
  private final LivingNodes peers;
  private @Nullable NodeLink link;

  Post(String owner, LivingNodes peers) {
    this.owner = owner;
    this.peers = peers;
  }

  @Override
  public List<Portion> ask(List<Report> reports) throws IOException {
    try {
      NodeLink open = link;
      if (open == null) {
        open = peers.open(owner, OwnShares.SHARES);
        link = open;
        open.setPatience(PATIENCE);
      }
      open.out().writeInt(reports.size());
      for (Report report : reports) {
        report.write(open.out());
      }
      open.out().flush();
      var parts = new ArrayList<Portion>();
      for (int i = 0; i < reports.size(); i++) {
        parts.add(Report.readPart(open.in()));
      }
      // so that an owner that is asked nothing answers, too
      open.in().readByte();
      return parts;
    } catch (IOException e) {
      end();
      throw e;
    }
  }

  /// Answers once.
  static void answer(NodeLink link, Asker.Asking answering) throws IOException {
    int count = link.in().readInt();
    if (count < 0 || count > MOST) {
      throw new IOException(count + " reports");
    }
    var reports = new ArrayList<Report>();
    for (int i = 0; i < count; i++) {
      reports.add(Report.read(link.in()));
    }
    for (Portion part : answering.ask(reports)) {
      Report.writePart(part, link.out());
    }
    link.out().writeByte(0);
    link.out().flush();
  }

  @Override
  public void end() {
    if (link != null) {
      link.close();
      link = null;
    }
  }
}
