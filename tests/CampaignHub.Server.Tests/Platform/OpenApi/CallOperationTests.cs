using System.Text.Json.Nodes;

namespace CampaignHub.Server.Tests.Platform.OpenApi;

public sealed class CallOperationTests
{
    private static readonly JsonNode Document =
        Described.Only(typeof(TakesFiles), typeof(GivesPixel), typeof(GivesBoth), typeof(ChangeThing));

    [Fact]
    public void Streamed_media_are_strings()
    {
        var call = Document["paths"]!["/files/{token}.csv"]!["post"]!;
        Keys(call["requestBody"]!["content"]!).ShouldBe(["text/csv", "application/x-ndjson"], ignoreOrder: true);
        call["requestBody"]!["content"]!["text/csv"]!["schema"]!["type"]!.GetValue<string>().ShouldBe("string");
        call["parameters"]![0]!["in"]!.GetValue<string>().ShouldBe("path");
    }

    [Fact]
    public void Problems_follow_from_what_a_call_takes_and_declares()
    {
        Keys(Document["paths"]!["/files/{token}.csv"]!["post"]!["responses"]!)
            .ShouldBe(["202", "400", "401", "403", "404", "409", "413", "415", "422", "429", "500", "503"]);
        Document["paths"]!["/files/{token}.csv"]!["post"]!["security"]![0]!["api_key"]![0]!.GetValue<string>().ShouldBe("audience:write");
    }

    [Fact]
    public void A_public_call_answers_what_it_declares_and_nothing_else()
    {
        var answers = Document["paths"]!["/o/{token}.gif"]!["get"]!["responses"]!;
        Keys(answers).ShouldBe(["200", "404"]);
        Keys(answers["200"]!["content"]!).ShouldBe(["image/gif"]);
        Keys(answers["404"]!["content"]!).ShouldBe(["text/html"]);
    }

    [Fact]
    public void Json_and_another_medium_stand_side_by_side() =>
        Keys(Document["paths"]!["/report"]!["get"]!["responses"]!["200"]!["content"]!).ShouldBe(["application/json", "text/csv"]);

    [Fact]
    public void Parameters_come_from_the_route_and_the_query_with_their_rules()
    {
        var parameters = Document["paths"]!["/things/{id}"]!["patch"]!["parameters"]!.AsArray();
        parameters.Select(p => $"{p!["in"]} {p["name"]} {p["required"] ?? false}").ShouldBe(["path id true", "query state false"]);
        parameters[1]!["schema"]!["enum"]!.ToJsonString().ShouldBe("""["new","old"]""");
    }

    [Theory]
    [InlineData("name", """{"maxLength":20,"minLength":1,"type":"string"}""")]
    [InlineData("note", """{"maxLength":30,"type":["null","string"]}""")]
    [InlineData("at", """{"examples":["2026-11-27T01:00:00Z"],"type":["null","string"],"format":"date-time"}""")]
    [InlineData("weight", """{"maximum":100,"minimum":1,"type":["null","integer"],"format":"int32"}""")]
    [InlineData("days", """{"minItems":1,"type":"array","items":{"enum":["mon","tue"],"type":"string"}}""")]
    [InlineData("kind", """{"enum":["big","small",null],"type":["null","string"]}""")]
    [InlineData("attributes", """{"type":["null","object"],"additionalProperties":{}}""")]
    [InlineData("part", """{"anyOf":[{"$ref":"#/components/schemas/ThingPart"},{"type":"null"}]}""")]
    public void A_field_of_a_body_says_what_is_checked(string field, string schema) =>
        Normal(Document["components"]!["schemas"]!["ThingChange"]!["properties"]![field]!).ShouldBe(Normal(JsonNode.Parse(schema)!));

    [Fact]
    public void A_local_time_is_hours_and_minutes() =>
        Document["components"]!["schemas"]!["ThingChange"]!["properties"]!["time"]!["pattern"]!.GetValue<string>().ShouldStartWith("^([01]");

    [Fact]
    public void A_nested_field_keeps_its_rule() =>
        Document["components"]!["schemas"]!["ThingPart"]!["properties"]!["code"]!["pattern"]!.GetValue<string>().ShouldBe("^[A-Z]{2}$");

    [Fact]
    public void A_request_is_closed_and_needs_what_a_rule_asks_for_an_answer_is_open_and_has_all()
    {
        var schemas = Document["components"]!["schemas"]!;
        schemas["ThingChange"]!["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
        schemas["ThingPart"]!["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
        schemas["ThingChange"]!["required"]!.ToJsonString().ShouldBe("""["name"]""");
        schemas["Part"]!["additionalProperties"].ShouldBeNull();
        schemas["Part"]!["required"]!.ToJsonString().ShouldBe("""["day","next"]""");
    }

    private static string[] Keys(JsonNode node) => [.. node.AsObject().Select(p => p.Key)];

    private static string Normal(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject fields => "{" + string.Join(",", fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}:{Normal(f.Value)}")) + "}",
        JsonArray items => "[" + string.Join(",", items.Select(item => Normal(item)).Order(StringComparer.Ordinal)) + "]",
        _ => node.ToJsonString(),
    };
}
