using System.Text;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Tests.Output;

public sealed class HarmlessTextTests
{
    [Theory]
    [InlineData("red \e[31mALERT\e[0m \e]0;owned\a end", "red [31mALERT [0m ]0;owned end")]
    [InlineData("harmless text\rOVERWRITTEN", "harmless text OVERWRITTEN")]
    [InlineData("two lines \r\n\t of text\n", "two lines of text")]
    [InlineData("\n  first", "first")]
    [InlineData("\u009b31m and \u0085 and \u007f.", "31m and and .")]
    [InlineData("line\u2028separator, paragraph\u2029separator", "line separator, paragraph separator")]
    [InlineData("user\u202etxt.exe", "usertxt.exe")]
    [InlineData("\u2066a\u2069\u2067b\u2068c\u202a\u202b\u202c\u202d\u200e\u200f\u061c", "abc")]
    public void Control_characters_and_directional_characters_are_replaced(string text, string shown) => HarmlessText.Of(text).Should().Be(shown);

    [Theory]
    [InlineData("")]
    [InlineData("  Front end (4 parts),  with spaces  ")]
    [InlineData("שלום, العربية, نوشته\u200cها, 漢字, 👩\u200d👩\u200d👧, e\u0301, \u00ad\u2060\ufeff")]
    public void Other_text_is_not_changed(string text) => HarmlessText.Of(text).Should().BeSameAs(text);

    [Fact]
    public void Every_control_line_separator_and_directional_character_is_replaced()
    {
        var all = new StringBuilder();
        for (var code = 0; code <= 0x10ffff; code++)
        {
            if (Rune.IsValid(code))
                all.Append(new Rune(code));
        }

        var shown = HarmlessText.Of(all.ToString()).EnumerateRunes().ToHashSet();
        shown.Should().NotContain(rune => Rune.IsControl(rune) || rune.Value == 0x2028 || rune.Value == 0x2029
            || rune.Value == 0x61c || rune.Value == 0x200e || rune.Value == 0x200f || (rune.Value >= 0x202a && rune.Value <= 0x202e) || (rune.Value >= 0x2066 && rune.Value <= 0x2069));
        shown.Should().HaveCount(0x110000 - 0x800 - 65 - 2 - 12, "65 are control characters, two separate lines, and twelve are Bidi_Control");
    }
}
