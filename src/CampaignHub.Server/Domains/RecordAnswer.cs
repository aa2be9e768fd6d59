namespace CampaignHub.Server.Domains;

/// <summary>What DNS said of a host's records of one type, or what answered behind the host.</summary>
/// <param name="Texts">Each record as text: of a TXT its strings joined, of an MX "preference host"; null where it could not be read.</param>
/// <param name="Fault">Why it could not be read.</param>
internal sealed record RecordAnswer(IReadOnlyList<string>? Texts, string? Fault);
