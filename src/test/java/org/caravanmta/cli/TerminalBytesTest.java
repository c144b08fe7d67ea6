package org.caravanmta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalBytesTest {
  @Test
  void bytesDoNotSteerTheTerminal() throws IOException {
    var terminal = new StringWriter();
    var bytes = new TerminalBytes(terminal);
    byte[] text = "\u001b[2Jjosé 😀\r\n\tend\u009b\n".getBytes(StandardCharsets.UTF_8);
    for (byte one : text) {
      bytes.write(one);
    }
    bytes.write(new byte[] {(byte) 0xff, 'x', '\n'});
    bytes.flush();
    assertThat(terminal).hasToString("?[2Jjosé 😀\r\n\tend?\n\ufffdx\n");
  }
}
