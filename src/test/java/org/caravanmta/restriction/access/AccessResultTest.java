package org.caravanmta.restriction.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessResultTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OK                        | Ok[]
          relay                     | Ok[]
          1234                      | Ok[]
          dunno                     | Dunno[]
          REJECT                    | Refused[code=554, status=5.7.1, text=Access denied]
          reject go away            | Refused[code=554, status=5.7.1, text=go away]
          REJECT 5.1.8 no           | Refused[code=554, status=5.1.8, text=no]
          DEFER                     | Refused[code=450, status=4.7.1, text=Access denied]
          450 later                 | Refused[code=450, status=4.7.1, text=later]
          550 4.1.1 who             | Refused[code=550, status=5.1.1, text=who]
          421 4.3.2 bye             | Refused[code=421, status=4.3.2, text=bye]
          DEFER_IF_PERMIT           | DeferIfPermit[text=]
          defer_if_reject soon      | DeferIfReject[text=soon]
          DISCARD spam              | Discard[text=spam]
          HOLD                      | Hold[text=]
          REDIRECT a@b.example      | Noted[action=Redirect[to=a@b.example]]
          FILTER smtp:[::1]:10025   | Noted[action=Filter[through=smtp:[::1]:10025]]
          BCC a@b.example           | Noted[action=Bcc[to=a@b.example]]
          PREPEND X-A: b c          | Noted[action=Prepend[field=X-A: b c]]
          WARN well                 | Said[word=warn, text=well]
          INFO                      | Said[word=info, text=]
          permit_mynetworks, reject | Restrictions[list=permit_mynetworks, reject]
          """)
  void isRead(String value, String expected) {
    assertThat(AccessResult.parse(value)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"550", "450 4.7.1", "REDIRECT", "BCC nobody", "PREPEND no field", "FILTER ab", ""})
  void isRefused(String value) {
    assertThatThrownBy(() -> AccessResult.expect(value))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
