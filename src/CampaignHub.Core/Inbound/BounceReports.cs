using System.Text.RegularExpressions;
using CampaignHub.Core.Sending;

namespace CampaignHub.Core.Inbound;

/// <summary>
/// Reports of mail that wasn't delivered: by their fields (RFC 3464), wherever these stand, and otherwise by the text in
/// which a server names the addresses and says why.
/// </summary>
internal static partial class BounceReports
{
    public static IReadOnlyList<InboundFinding>? Read(MailParts mail)
    {
        var isForwarded = !IsFromMailSystem(mail) && ForwardedReport().IsMatch(mail.Text);
        if (!isForwarded && !IsReport(mail))
            return null;
        var text = isForwarded ? Quotes().Replace(mail.Text, "") : mail.Text;
        var report = BounceText.Read(text, MailAddresses.All(mail.Header("To") ?? ""));
        var groups = StatusFields.Read(mail.Status).Where(IsOfRecipient).ToList();
        if (groups.Count == 0)
            groups = [.. StatusFields.Read(text).Where(group => IsOfRecipient(group) && group["Action"] is not null)];
        var evidence = groups.Count > 0 ? groups.Select(group => OfFields(group, groups.Count == 1, report, mail)) : OfText(report, mail);
        return [.. evidence.Select(BounceRules.Decide).DistinctBy(finding => (finding.Recipient?.ToLowerInvariant(), finding.Class))];
    }

    private static bool IsReport(MailParts mail)
    {
        if (mail.IsReport("delivery-status") || mail.Status.Length > 0 || mail.Header("X-Failed-Recipients") is not null)
            return true;
        var subject = mail.Header("Subject") ?? "";
        if (AnswerPrefix().IsMatch(subject))
            return false;
        return BounceTexts.TellsOfFailure(subject)
            ? IsFromMailSystem(mail) || BounceTexts.TellsOfFailure(mail.Text)
            : IsFromMailSystem(mail) && BounceTexts.TellsOfFailure(mail.Text);
    }

    private static bool IsFromMailSystem(MailParts mail) =>
        mail.Header("Return-Path")?.Trim() == "<>" && mail.Header("Auto-Submitted") is null && mail.Header("X-Auto-Response-Suppress") is null
        || MailSystem().IsMatch(mail.Header("From") ?? "<>");

    private static bool IsOfRecipient(StatusFields group) =>
        (group["Final-Recipient"] ?? group["Original-Recipient"]) is not null && (group["Action"] ?? group["Status"]) is not null;

    private static BounceEvidence OfFields(StatusFields group, bool isAlone, BounceText report, MailParts mail)
    {
        // The original recipient is whom we wrote to; where mail is forwarded, the final one is somebody we don't know.
        var recipient = MailAddresses.OfField(group["Original-Recipient"]) ?? MailAddresses.OfField(group["Final-Recipient"]);
        var told = report.Of(recipient) ?? report.Of(MailAddresses.OfField(group["Final-Recipient"])) ?? (isAlone ? report.Whole : null);
        var diagnostic = group["Diagnostic-Code"] is { Length: > 0 } field && DiagnosticType().Replace(field, "") is { Length: > 0 } words ? words : null;
        var evidence = BounceEvidence.Of(diagnostic ?? told ?? "");
        return evidence with
        {
            Recipient = recipient ?? (isAlone ? Addressee(mail) : null),
            Action = (group["Action"] ?? "").Trim().ToLowerInvariant(),
            Status = EnhancedCode.Parse(group["Status"]?.Trim() ?? ""),
            At = evidence.At != RefusedAt.Unknown ? evidence.At : BounceEvidence.PlaceOf(BounceEvidence.Collapse(isAlone ? report.Whole : told ?? "")),
            IsLocalProgram = group["Diagnostic-Code"]?.StartsWith("x-unix", StringComparison.OrdinalIgnoreCase) == true || group["X-Actual-Recipient"]?.Contains('|') == true,
            IsReceiptRule = ReceiptRule().IsMatch(mail.Status),
            Lead = isAlone && diagnostic is not null ? BounceEvidence.Collapse(report.Lead) : "",
        };
    }

    private static IEnumerable<BounceEvidence> OfText(BounceText report, MailParts mail)
    {
        if (report.Recipients.Count > 0)
            return report.Recipients.Select(recipient => BounceEvidence.Of(report.Recipients.Count == 1 ? report.Whole : report.Of(recipient)!) with { Recipient = recipient });
        var failed = MailAddresses.All(mail.Header("X-Failed-Recipients") ?? "").Take(20).ToList();
        string?[] people = failed.Count > 0 ? [.. failed] : [report.Mentioned ?? Addressee(mail)];
        return people.Select(person => BounceEvidence.Of(report.Whole) with { Recipient = person });
    }

    /// <summary>Whom the returned message was to, if to one alone.</summary>
    private static string? Addressee(MailParts mail)
    {
        var people = StatusFields.Read(mail.Returned).Select(group => group["To"]).OfType<string>().Take(1).SelectMany(MailAddresses.All).Take(2).ToList();
        return people.Count == 1 ? people[0] : null;
    }

    [GeneratedRegex(@"mailer-?daemon|mail-daemon|po+stmaster|double-bounce|mail[ .]delivery|<>", RegexOptions.IgnoreCase)]
    private static partial Regex MailSystem();

    [GeneratedRegex(@"^\s*(re|aw|sv|antw|fwd?|wg|tr|rv|res|vs)\s*(\[\d+\])?\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex AnswerPrefix();

    [GeneratedRegex(@"^[ \t]*>[ \t]*From:[^\r\n]{0,200}(mailer-daemon|mail delivery s)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex ForwardedReport();

    [GeneratedRegex(@"^[ \t]*>[ \t]?", RegexOptions.Multiline)]
    private static partial Regex Quotes();

    [GeneratedRegex(@"^\s*[A-Za-z][\w-]{0,40}\s*;\s*")]
    private static partial Regex DiagnosticType();

    [GeneratedRegex(@"^Reporting-MTA:\s*dns;\s*inbound-smtp\.[\w-]{1,40}\.amazonaws\.com", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex ReceiptRule();
}
