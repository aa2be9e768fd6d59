using System.Text.Json;
using CampaignHub.Core.Audience;

namespace CampaignHub.Core.Tests.Audience;

public sealed class RecipientFieldsTests
{
    [Theory]
    [InlineData("de", "de")]
    [InlineData("PT_br", "pt-BR")]
    [InlineData("zh-hant-tw", "zh-Hant-TW")]
    [InlineData("es-419", "es-419")]
    [InlineData("de-1996", "de-1996")]
    [InlineData("ar-u-nu-latn", "ar-u-nu-latn")]
    public void Locales_are_put_in_their_usual_case(string text, string expected)
    {
        RecipientFields.Locale(text, out var locale).ShouldBeNull();
        locale.ShouldBe(expected);
    }

    [Theory]
    [InlineData("german (formal)")]
    [InlineData("d")]
    [InlineData("de--DE")]
    [InlineData("de-x")]
    [InlineData("de\n")]
    public void Other_locales_are_refused(string text) =>
        (RecipientFields.Locale(text, out var locale)?.Code, locale).ShouldBe(text == "de\n" ? (null, "de") : ("invalid_locale", null));

    [Fact]
    public void Names_in_any_script_are_kept_and_line_breaks_never()
    {
        RecipientFields.Name("first_name", " 美代子 👩🏽‍🚀\r\nBcc: x ", out var name).ShouldBeNull();
        name.ShouldBe("美代子 👩🏽‍🚀  Bcc: x");
        RecipientFields.Name("first_name", "\t", out name).ShouldBeNull();
        name.ShouldBeNull();
        RecipientFields.Name("last_name", "a\uDC00", out _).ShouldBe(new FieldError("last_name", "not_text", "The text holds a NUL or half a surrogate pair."));
    }

    [Theory]
    [InlineData("2026-11-27T10:00:00Z", "2026-11-27T10:00:00Z")]
    [InlineData("2026-11-27 10:00:00.25+02:00", "2026-11-27T08:00:00.25Z")]
    [InlineData("2026-11-27", "2026-11-27T00:00:00Z")]
    public void Instants_are_RFC_3339_or_dates(string text, string expected)
    {
        RecipientFields.ConsentAt(text, out var at).ShouldBeNull();
        at.ToString().ShouldBe(NodaTime.Text.InstantPattern.ExtendedIso.Parse(expected).Value.ToString());
    }

    [Theory]
    [InlineData("2026-02-30")]
    [InlineData("24:00")]
    [InlineData("yesterday")]
    [InlineData("2026-01-01T24:00:00Z")]
    public void Other_instants_are_refused(string text) =>
        RecipientFields.ConsentAt(text, out _)!.Path.ShouldBe("consent.at");

    [Theory]
    [InlineData("""{"a":"ü","b":[1,{"c":null}]}""", null)]
    [InlineData("""[1]""", "invalid_attributes")]
    [InlineData("""{"a":"\u0000"}""", "not_text")]
    [InlineData("""{"a":["\ud800"]}""", "not_text")]
    [InlineData("""{"\udc00":1}""", "not_text")]
    [InlineData("""{"a":1e999999}""", "not_text")]
    [InlineData("""{"a":[1.5e+300,-5e-324,0.1]}""", null)]
    [InlineData("""{"a":1e-16384}""", "not_text")]
    [InlineData("""{"a":0E-99999999999}""", "not_text")]
    public void Attributes_are_an_object_that_a_database_can_hold(string json, string? code)
    {
        using var document = JsonDocument.Parse(json);
        (RecipientAttributes.Check(document.RootElement, out _)?.Code).ShouldBe(code);
    }

    [Fact]
    public void Attributes_end_at_sixteen_levels()
    {
        RecipientAttributes.Check(Nested(16), out _).ShouldBeNull();
        RecipientAttributes.Check(Nested(17), out _)!.Code.ShouldBe("invalid_attributes");

        static JsonElement Nested(int levels) =>
            JsonElement.Parse(string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels));
    }

    [Fact]
    public void Attributes_end_at_64_KB()
    {
        RecipientAttributes.Check(JsonSerializer.SerializeToElement(new { a = new string('x', 65_528) }), out var json).ShouldBeNull();
        json!.Length.ShouldBe(RecipientAttributes.MaxBytes);
        RecipientAttributes.Check(JsonSerializer.SerializeToElement(new { a = new string('x', 65_529) }), out _)!.Code.ShouldBe("too_long");
    }
}
