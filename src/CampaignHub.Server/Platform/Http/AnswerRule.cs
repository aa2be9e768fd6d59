namespace CampaignHub.Server.Platform.Http;

/// <summary>The statuses with which a call succeeds, for its description; endpoint metadata.</summary>
public sealed record AnswerRule(IReadOnlyCollection<int> Statuses);

/// <summary>The call answers 409 where the state forbids it, for its description; endpoint metadata.</summary>
public sealed record ConflictRule;
