using System.Reflection;
using System.Text.RegularExpressions;
using CampaignHub.Server.Platform.Http;
using NetArchTest.Rules;

namespace CampaignHub.Server.Tests;

/// <summary>The house rules that types can show; docs/architecture.md says what they are for.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>In the order of the data: a room may use those before it.</summary>
    private static readonly string[] Rooms =
    [
        "Tenancy", "Audience", "Storefronts", "Domains", "Relays", "Forms", "Deliveries", "Campaigns", "Scheduling", "Sending", "Tracking",
        "Inbound", "Reports", "Webhooks", "Operations", "Demo",
    ];

    private static readonly string[] GroundFloor = ["Platform", "Events"];

    /// <summary>What puts the service together: for the entry point, and for the demo, which starts a service of its own.</summary>
    private static readonly string[] Assembling = ["RunningService", "ServiceHost", "Verbs", "Ground"];

    private static readonly Assembly Server = typeof(ServiceHost).Assembly;
    private static readonly Assembly Core = typeof(Core.FieldError).Assembly;

    public static TheoryData<string> EachRoom => [.. Rooms];

    public static TheoryData<string> EachOfTheGroundFloor => [.. GroundFloor];

    [Fact]
    public void Core_decides_without_input_output_clock_or_chance() => ShouldHold(Types.InAssembly(Core).ShouldNot().HaveDependencyOnAny(
        "CampaignHub.Server", "Microsoft.AspNetCore", "Microsoft.Extensions", "Npgsql", "Dapper", "Hangfire", "FastEndpoints", "MailKit",
        "System.Net.Sockets", "System.Net.Http", "System.Net.Dns", "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream",
        "System.IO.Directory", "System.IO.DirectoryInfo", "System.Console", "System.Diagnostics.Process",
        "System.Diagnostics.Stopwatch", "System.TimeProvider", "System.Threading.Timer", "System.Threading.Thread",
        "NodaTime.SystemClock", "NodaTime.IClock", "System.Random", "System.Security.Cryptography.RandomNumberGenerator"));

    [Fact]
    public void Every_type_of_the_service_stands_in_a_room_or_on_the_ground_floor() =>
        Server.GetTypes().Select(type => type.Namespace ?? "").Where(name => name.StartsWith("CampaignHub.Server.", StringComparison.Ordinal))
            .Select(name => name.Split('.')[2]).Distinct().Except([.. Rooms, .. GroundFloor]).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(EachRoom))]
    public void A_room_uses_no_room_after_it(string room) => ShouldHold(In(room).ShouldNot().HaveDependencyOnAny(
        [.. Names(Rooms[(Array.IndexOf(Rooms, room) + 1)..]), .. room == "Demo" ? [] : Names(Assembling)]));

    [Theory]
    [MemberData(nameof(EachOfTheGroundFloor))]
    public void The_ground_floor_uses_no_room(string floor) => ShouldHold(In(floor).ShouldNot().HaveDependencyOnAny(
        [.. Names(Rooms), .. Names(Assembling), .. floor == "Platform" ? Names("Events") : []]));

    [Fact]
    public void The_demo_uses_the_service_over_HTTP_only() => ShouldHold(In("Demo").ShouldNot().HaveDependencyOnAny(
        [.. Names(Rooms[..^1]), .. Names("Events", "ServiceHost", "Verbs", "Ground"), "Npgsql", "Dapper"]));

    [Fact]
    public void The_rules_see_what_is_used_inside_of_asynchronous_methods() =>
        In("Scheduling").Should().HaveDependencyOnAny(Names("Campaigns")).GetResult().FailingTypeNames
            .ShouldNotContain("CampaignHub.Server.Scheduling.WaveJob");

    [Fact]
    public void Stores_are_static_and_seen_by_the_service_alone() =>
        Server.GetTypes().Where(type => type.Name.EndsWith("Store", StringComparison.Ordinal) && !IsIn(type, "Demo"))
            .Where(store => !(store is { IsAbstract: true, IsSealed: true, IsNotPublic: true })).ShouldBeEmpty();

    [Fact]
    public void Every_class_is_sealed_unless_others_derive_from_it() =>
        Server.GetTypes().Concat(Core.GetTypes())
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && type != typeof(Program) && !type.Name.Contains('<', StringComparison.Ordinal))
            .Where(type => !Server.GetTypes().Concat(Core.GetTypes()).Any(other => other.BaseType is { } origin && Definition(origin) == type))
            .Select(type => type.FullName).ShouldBeEmpty();

    [Fact]
    public void Every_endpoint_has_a_file_of_its_own_named_after_it()
    {
        var endpoints = Server.GetTypes().Where(IsEndpoint).Select(type => type.Name).ToList();
        var files = Sources.All.Where(file => EndpointPattern().IsMatch(file.Text)).ToList();
        endpoints.ShouldNotBeEmpty();
        files.Select(file => file.Name).ShouldBe(endpoints, ignoreOrder: true);
        files.Where(file => EndpointPattern().Count(file.Text) != 1).Select(file => file.Path).ShouldBeEmpty();
    }

    private static PredicateList In(string room) => Types.InAssembly(Server).That().ResideInNamespace("CampaignHub.Server." + room);

    private static string[] Names(params string[] names) => [.. names.Select(name => "CampaignHub.Server." + name)];

    private static void ShouldHold(ConditionList rule) => (rule.GetResult().FailingTypeNames ?? []).ShouldBeEmpty();

    private static bool IsIn(Type type, string room) =>
        ((type.Namespace ?? "") + ".").StartsWith($"CampaignHub.Server.{room}.", StringComparison.Ordinal);

    private static bool IsEndpoint(Type type) => !type.IsAbstract && Origins(type).Any(origin =>
        origin == typeof(ApiEndpoint<,>) || origin == typeof(OperatorEndpoint<,>));

    private static IEnumerable<Type> Origins(Type type)
    {
        for (var origin = type.BaseType; origin is not null; origin = origin.BaseType)
            yield return Definition(origin);
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    [GeneratedRegex(@"\bsealed (partial )?class \w+[^{;]*:\s*(Api|Operator)Endpoint<")]
    private static partial Regex EndpointPattern();
}
