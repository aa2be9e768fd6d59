namespace CampaignHub.Server.Reports;

/// <summary>A report of one campaign.</summary>
public abstract class ReportRequest
{
    /// <summary>The campaign's id.</summary>
    public Guid Id { get; set; }

    /// <summary><c>json</c> (the default), or <c>csv</c>, which <c>Accept: text/csv</c> asks for too; of some also <c>svg</c>, a picture.</summary>
    public string? Format { get; set; }
}
