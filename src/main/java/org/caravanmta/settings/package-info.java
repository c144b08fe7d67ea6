/// All settings together: {@link Settings} has a component for each section of
/// `config/caravan.yaml`, which is a record in the package that uses it; {@link SettingsFile} reads
/// them, and says how each kind of value is written. Beside them what is made of several sections:
/// our name, our addresses, what all stages have in common, the data directory and the modes of
/// files.
@NullMarked
package org.caravanmta.settings;

import org.jspecify.annotations.NullMarked;
