package org.caravanmta.story;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/// A filter program with a fault, until it is mended; then it refuses what it is to refuse, and
/// nothing else.
record FaultyProgram(Path script) {
  private static final String JUDGES =
      "if grep -q " + Dialect.VIRUS + "; then echo 5.7.1 found Eicar >&2; exit 69; fi\n";

  static FaultyProgram of(Path script, Fault fault) throws IOException {
    var program = new FaultyProgram(script);
    switch (fault) {
      case REFUSED -> {
        // it is not there
      }
      case HANG -> program.write("exec sleep 600\n");
      case HALF -> program.write("cat >/dev/null\nprintf 'Subject: x\\n\\nhalf'\nexec sleep 600\n");
      case GARBAGE -> program.write("cat >/dev/null\nprintf '\\377\\001garbage\\n\\000more'\n");
      case CRASH -> program.write("head -c 30000 >/dev/null\nkill -9 $$\n");
      case SLOW -> program.write("sleep 0.3\n" + JUDGES);
      case FLOOD -> program.write("cat >/dev/null\nprintf 'Subject: x\\n\\n'\nexec yes\n");
      case VERSION -> program.write("cat >/dev/null\nexit 3\n");
    }
    return program;
  }

  void mend() throws IOException {
    write(JUDGES);
  }

  private void write(String lines) throws IOException {
    Path made = script.resolveSibling(script.getFileName() + ".new");
    Files.writeString(made, "#!/bin/sh\n" + lines);
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.move(made, script, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
