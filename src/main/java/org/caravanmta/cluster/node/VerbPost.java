package org.caravanmta.cluster.node;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.Rows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries the operator's verbs from the node that was asked to the others.
final class VerbPost {
  /// What such a connection is for.
  static final String VERBS = "verbs";

  private static final Logger LOG = LoggerFactory.getLogger(VerbPost.class);

  // what comes back
  private static final byte ROW = 1;
  private static final byte DONE = 2;
  private static final byte PROBLEM = 3;
  private static final byte WRONG_USE = 4;

  private static final int MOST_FIELDS = 100_000;
  private static final int LONGEST_FIELD = 64 << 20;

  private final Map<String, ControlVerb> verbs;

  /// @param verbs what each does on this node alone
  VerbPost(Map<String, ControlVerb> verbs) {
    this.verbs = Map.copyOf(verbs);
  }

  /// Does one for another node.
  void serve(NodeLink link) throws IOException {
    List<String> asked = readFields(link.in());
    DataOutputStream out = link.out();
    ControlVerb verb = verbs.get(asked.getFirst());
    if (verb == null) {
      end(out, WRONG_USE, "unknown verb \"" + asked.getFirst() + "\"");
      return;
    }
    try {
      verb.run(
          asked.subList(1, asked.size()),
          row -> {
            out.writeByte(ROW);
            writeFields(out, row);
          });
      end(out, DONE, "");
    } catch (IOException e) {
      throw e;
    } catch (ControlProblem e) {
      end(out, PROBLEM, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      end(out, WRONG_USE, String.valueOf(e.getMessage()));
    } catch (Exception e) {
      LOG.error("{} failed, which {} has asked for", asked.getFirst(), link.peer(), e);
      end(out, PROBLEM, asked.getFirst() + " failed: " + e);
    }
  }

  private static void end(DataOutputStream out, byte how, String text) throws IOException {
    out.writeByte(how);
    writeFields(out, List.of(text));
    out.flush();
  }

  /// Has another node do one.
  ///
  /// @throws ControlProblem what it says of that
  /// @throws IllegalArgumentException likewise
  /// @throws IOException if it does not answer
  static void ask(NodeLink link, String verb, List<String> args, Rows rows)
      throws IOException, ControlProblem {
    var asked = new ArrayList<String>();
    asked.add(verb);
    asked.addAll(args);
    writeFields(link.out(), asked);
    link.out().flush();
    byte what = link.in().readByte();
    for (; what == ROW; what = link.in().readByte()) {
      rows.add(readFields(link.in()));
    }
    String text = readFields(link.in()).getFirst();
    switch (what) {
      case DONE -> {}
      case PROBLEM -> throw new ControlProblem(text);
      case WRONG_USE -> throw new IllegalArgumentException(text);
      default -> throw new IOException("not what a node answers: " + what);
    }
  }

  private static void writeFields(DataOutputStream out, List<String> fields) throws IOException {
    out.writeInt(fields.size());
    for (String field : fields) {
      byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  private static List<String> readFields(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 1 || count > MOST_FIELDS) {
      throw new IOException("not what a node says: " + count);
    }
    var fields = new ArrayList<String>();
    for (int left = count; left > 0; left--) {
      int length = in.readInt();
      if (length < 0 || length > LONGEST_FIELD) {
        throw new IOException("not what a node says: " + length);
      }
      byte[] bytes = in.readNBytes(length);
      if (bytes.length != length) {
        throw new IOException("cut off");
      }
      fields.add(new String(bytes, StandardCharsets.UTF_8));
    }
    return fields;
  }
}
