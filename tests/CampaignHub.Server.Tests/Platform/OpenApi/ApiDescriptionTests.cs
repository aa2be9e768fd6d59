using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FastEndpoints;

namespace CampaignHub.Server.Tests.Platform.OpenApi;

public sealed class ApiDescriptionTests
{
    private static readonly string Text = Described.Service();
    private static readonly JsonNode Document = JsonNode.Parse(Text)!;

    [Fact]
    public void The_same_endpoints_give_the_same_bytes() => Described.Service().ShouldBe(Text);

    [Fact]
    public void It_is_OpenAPI_3_1_and_says_what_it_is()
    {
        Document["openapi"]!.GetValue<string>().ShouldStartWith("3.1.");
        Document["info"]!["title"]!.GetValue<string>().ShouldBe("CampaignHub");
        Document["info"]!["license"]!["identifier"]!.GetValue<string>().ShouldBe("MIT");
    }

    [Fact]
    public void Every_endpoint_is_in_it()
    {
        var endpoints = typeof(ServiceHost).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IEndpoint)))
            .Select(type => char.ToLowerInvariant(type.Name[0]) + type.Name[1..]);
        var described = Described.Operations(Document).Select(o => o.Operation["operationId"]!.GetValue<string>()).ToArray();
        described.ShouldBeUnique();
        endpoints.ShouldBeSubsetOf(described);
    }

    [Fact]
    public void Every_operation_has_its_words_its_room_and_its_answers()
    {
        var rooms = Document["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>()).ToArray();
        foreach (var (path, method, operation) in Described.Operations(Document))
        {
            var call = $"{method} {path}";
            operation["summary"]?.GetValue<string>().ShouldNotBeNullOrWhiteSpace(call);
            operation["summary"].ShouldNotBeNull(call);
            operation["description"].ShouldNotBeNull(call);
            rooms.ShouldContain(operation["tags"]!.AsArray().Single()!.GetValue<string>(), call);
            operation["responses"]!.AsObject().ShouldContain(response => response.Key[0] == '2' || response.Key[0] == '3', call);
            if (operation["security"]!.AsArray().Count > 0)
                operation["responses"]!.AsObject().ShouldContainKey("401", call);
        }
    }

    [Fact]
    public void Every_parameter_is_explained_and_typed()
    {
        foreach (var (path, method, operation) in Described.Operations(Document))
            foreach (var parameter in operation["parameters"]?.AsArray().Where(p => p!["$ref"] is null) ?? [])
            {
                parameter!["description"].ShouldNotBeNull($"{method} {path}: {parameter["name"]}");
                parameter["schema"]!["type"].ShouldNotBeNull($"{method} {path}: {parameter["name"]}");
            }
    }

    [Fact]
    public void Every_field_of_a_schema_is_explained()
    {
        foreach (var (name, schema) in Document["components"]!["schemas"]!.AsObject())
            foreach (var (field, of) in schema!["properties"]?.AsObject() ?? [])
                of!["description"].ShouldNotBeNull($"{name}.{field} has no XML comment");
    }

    [Fact]
    public void Nothing_shared_is_left_over_and_no_reference_leads_nowhere()
    {
        var used = Regex.Matches(Text, "\"#/components/(?<place>[^\"]+)\"").Select(m => m.Groups["place"].Value).ToHashSet();
        var held = Document["components"]!.AsObject().Where(kind => kind.Key != "securitySchemes")
            .SelectMany(kind => kind.Value!.AsObject().Select(part => $"{kind.Key}/{part.Key}"));
        used.ShouldBe(held, ignoreOrder: true);
    }

    [Fact]
    public void A_page_says_its_limits()
    {
        var limit = Document["paths"]!["/v1/api-keys"]!["get"]!["parameters"]!.AsArray().Single(p => p!["name"]?.GetValue<string>() == "limit")!["schema"]!;
        (limit["minimum"]!.GetValue<int>(), limit["maximum"]!.GetValue<int>(), limit["default"]!.GetValue<int>()).ShouldBe((1, 200, 50));
    }

    [Fact]
    public void The_committed_file_is_the_description_of_these_endpoints()
    {
        var file = Described.RepositoryFile("openapi/campaignhub.v1.json");
        File.ReadAllText(file).TrimEnd().ShouldBe(Text.TrimEnd(), "The API has changed: run ./hub openapi and commit openapi/campaignhub.v1.json.");
    }
}
