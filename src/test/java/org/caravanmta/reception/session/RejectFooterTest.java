package org.caravanmta.reception.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;

class RejectFooterTest {
  private static final Reply DENIED = Reply.of(554, "5.7.1", "Access denied");

  @Test
  void standsBehindRefusalsOnly() {
    var footer = new RejectFooter("See http://$server_name/\\nfor $client_address");
    var facts = Map.of("server_name", "mx.example", "client_address", "192.0.2.1");

    assertThat(footer.addTo(DENIED, facts).onTheWire())
        .isEqualTo(
            "554-5.7.1 Access denied\r\n"
                + "554-5.7.1 See http://mx.example/\r\n"
                + "554 5.7.1 for 192.0.2.1\r\n");
    assertThat(footer.addTo(Replies.OK, facts)).isEqualTo(Replies.OK);
  }

  @Test
  void goesOnWithTheReply() {
    assertThat(new RejectFooter("\\c; ask ${sender}").addTo(DENIED, Map.of()).lines())
        .containsExactly("Access denied; ask ");
  }

  @Test
  void whatNobodyKnowsIsRefused() {
    assertThatThrownBy(() -> new RejectFooter("$colour"))
        .hasMessageStartingWith("smtp.reject-footer: there is no $colour, only $client, ");
  }
}
