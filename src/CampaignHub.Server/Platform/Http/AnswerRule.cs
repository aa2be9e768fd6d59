namespace CampaignHub.Server.Platform.Http;

/// <summary>The statuses with which a call succeeds, for its description; endpoint metadata.</summary>
public sealed record AnswerRule(IReadOnlyCollection<int> Statuses);

/// <summary>The call answers 409 where the state forbids it, for its description; endpoint metadata.</summary>
public sealed record ConflictRule;

/// <summary>
/// The call reads its body as a stream of these media types; endpoint metadata, for its description. Not ASP.NET's own
/// metadata: with that, routing would refuse other media types before the key is looked at.
/// </summary>
public sealed record StreamedBodyRule(IReadOnlyList<string> ContentTypes);

/// <summary>The call is asked again and again, and works on prepared statements; endpoint metadata.</summary>
public sealed record PolledRule;
