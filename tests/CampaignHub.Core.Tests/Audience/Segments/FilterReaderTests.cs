using System.Text.Json;
using CampaignHub.Core.Audience.Segments;
using CsCheck;
using NodaTime;

namespace CampaignHub.Core.Tests.Audience.Segments;

public sealed class FilterReaderTests
{
    private const string Good = """{ "field": "country", "op": "eq", "value": "BR" }""";

    [Theory]
    [InlineData("""[]""", "filter", "invalid")]
    [InlineData("""{}""", "filter.field", "required")]
    [InlineData("""{ "all": [] }""", "filter.all", "invalid")]
    [InlineData("""{ "all": [ { "field": "country", "op": "eq", "value": "BR" } ], "any": [] }""", "filter.all", "unknown_field")]
    [InlineData("""{ "any": [ { "none": [ { "field": "shoe_size", "op": "eq", "value": 1 } ] } ] }""", "filter.any[0].none[0].field", "unknown_field")]
    [InlineData("""{ "field": "attributes.", "op": "eq", "value": 1 }""", "filter.field", "unknown_field")]
    [InlineData("""{ "field": "country", "op": "gt", "value": "BR" }""", "filter.op", "invalid")]
    [InlineData("""{ "field": "country", "op": "like", "value": "BR" }""", "filter.op", "invalid")]
    [InlineData("""{ "field": "country", "op": "eq" }""", "filter.value", "required")]
    [InlineData("""{ "field": "country", "op": "eq", "value": 1 }""", "filter.value", "invalid")]
    [InlineData("""{ "field": "country", "op": "eq", "value": "a\u0000b" }""", "filter.value", "invalid")]
    [InlineData("""{ "field": "country", "op": "eq", "value": "\ud800" }""", "filter.value", "invalid")]
    [InlineData("""{ "field": "country", "op": "in", "value": [] }""", "filter.value", "invalid")]
    [InlineData("""{ "field": "consent", "op": "eq", "value": "yes" }""", "filter.value", "invalid")]
    [InlineData("""{ "field": "created_at", "op": "gt", "value": "tomorrow" }""", "filter.value", "invalid")]
    [InlineData("""{ "field": "created_at", "op": "gt", "value": "9999-12-31T23:59:59-14:00" }""", "filter.value", "invalid")]
    [InlineData("""{ "field": "created_at", "op": "within_days", "value": 0 }""", "filter.value", "invalid")]
    [InlineData("""{ "field": "attributes.orders", "op": "gt", "value": 1e400 }""", "filter.value", "invalid")]
    [InlineData("""{ "field": "attributes.orders", "op": "eq", "value": 1e-16384 }""", "filter.value", "invalid")]
    [InlineData("""{ "field": "attributes.since", "op": "gt", "value": "2026-02-30" }""", "filter.value", "invalid")]
    [InlineData("""{ "field": "lists", "op": "eq", "value": "newsletter" }""", "filter.value", "invalid")]
    [InlineData("""{ "field": "events.opened", "op": "gt", "value": 3 }""", "filter.op", "invalid")]
    public void A_fault_is_named_by_its_path(string json, string path, string code)
    {
        var (filter, errors) = Read(json);
        filter.ShouldBeNull();
        errors.Select(e => e.Path.StartsWith(path, StringComparison.Ordinal) && e.Code == code).ShouldContain(true, string.Join(' ', errors));
    }

    [Fact]
    public void Ten_levels_and_a_hundred_conditions_are_the_most()
    {
        string Nested(int levels) => levels == 0 ? Good : $$"""{ "all": [ {{Nested(levels - 1)}} ] }""";
        string Wide(int conditions) => $$"""{ "any": [ {{string.Join(", ", Enumerable.Repeat(Good, conditions))}} ] }""";
        Read(Nested(10)).Filter.ShouldNotBeNull();
        Read(Nested(11)).Errors.Single().Code.ShouldBe("too_deep");
        Read(Wide(100)).Filter.ShouldNotBeNull();
        Read(Wide(101)).Errors.Single().Code.ShouldBe("too_many");
        Read(Wide(50_000)).Errors.Single().Code.ShouldBe("too_many");
    }

    [Fact]
    public void Long_texts_and_long_lists_of_values_are_refused()
    {
        string Eq(int characters) => $$"""{ "field": "country", "op": "eq", "value": "{{new string('x', characters)}}" }""";
        string In(int values) => $$"""{ "field": "country", "op": "in", "value": [ {{string.Join(", ", Enumerable.Repeat("\"BR\"", values))}} ] }""";
        (Read(Eq(1_000)).Filter, Read(In(1_000)).Filter).ShouldSatisfyAllConditions(f => f.Item1.ShouldNotBeNull(), f => f.Item2.ShouldNotBeNull());
        Read(Eq(1_001)).Errors.Single().Path.ShouldBe("filter.value");
        Read(In(1_001)).Errors.Single().Path.ShouldBe("filter.value");
    }

    [Fact]
    public void No_value_and_no_name_becomes_text_of_the_statement() =>
        Gen.Char["';\"\\%_-/*ab"].Array[1, 30].Select(c => new string(c)).Sample(text =>
        {
            var json = JsonSerializer.Serialize(new { field = $"attributes.{text.Replace('.', '_')}", op = "eq", value = text });
            var filter = Read(json).Filter.ShouldNotBeNull();
            var other = Read("""{ "field": "attributes.x", "op": "eq", "value": "x" }""").Filter.ShouldNotBeNull();
            SegmentSql.Of(filter, "p", default).Condition.ShouldBe(SegmentSql.Of(other, "p", Instant.MinValue).Condition);
        });

    private static (SegmentFilter? Filter, List<FieldError> Errors) Read(string json)
    {
        List<FieldError> errors = [];
        using var document = JsonDocument.Parse(json);
        return (FilterReader.Read(document.RootElement, "filter", errors), errors);
    }
}
