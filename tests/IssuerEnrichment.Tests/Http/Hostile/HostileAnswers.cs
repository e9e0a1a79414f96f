namespace IssuerEnrichment.Tests.Http.Hostile;

/// <summary>Makes up answers from seeds: the same answer for the same issuer, every time.</summary>
internal static class HostileAnswers
{
    /// <summary>The bound that clients are given; some answers are larger.</summary>
    public const int MaxAnswerBytes = 64 * 1024;

    /// <summary>The answer to a request.</summary>
    /// <param name="issuer">The issuer asked for, which is the seed of its answer.</param>
    /// <param name="request">How many requests for this issuer have come, from 1. Some are refused at first; a refusal for ever fails nobody.</param>
    public static HostileAnswer To(int issuer, int request) => request <= Refusals(issuer) ? Refuse(issuer, request) : Answer(issuer);

    /// <summary>The answer that an issuer gets once it is not refused any more.</summary>
    public static HostileAnswer Answer(int issuer)
    {
        AnswerDraft draft = new(issuer, issuer);
        draft.Mutate(0.4, BodyMutations.All);
        draft.Content = draft.Body;
        draft.Mutate(0.1, EncodingMutations.All);
        if (!draft.Mutate(0.2, FramingMutations.All))
            FramingMutations.SayLength(draft);
        draft.Mutate(0.2, HeadMutations.Statuses);
        draft.Mutate(0.2, HeadMutations.Headers);
        draft.Mutate(0.2, HeadMutations.Headers);
        draft.Assemble();
        draft.Mutate(0.1, WireMutations.All);
        draft.Mutate(0.004, WireMutations.Slow);
        return draft.ToAnswer(MaxAnswerBytes);
    }

    /// <summary>An answer without any malice, for the same issuer.</summary>
    public static HostileAnswer Plain(int issuer)
    {
        AnswerDraft draft = new(issuer, issuer);
        draft.Content = draft.Body;
        FramingMutations.SayLength(draft);
        draft.Assemble();
        return draft.ToAnswer(MaxAnswerBytes);
    }

    /// <summary>The answer to a request for no issuer, such as a redirect may lead to.</summary>
    public static HostileAnswer BadRequest { get; } =
        new("", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), 1, WireEnding.KeepsOpen);

    private static int Refusals(int issuer) => issuer % 40 == 0 ? 1 + (issuer / 40 % 2) : 0;

    private static HostileAnswer Refuse(int issuer, int request)
    {
        AnswerDraft draft = new(issuer, -request) { Body = [], Content = [] };
        draft.Status = draft.Pick(429, 503);
        for (int hints = draft.Chance.Next(4); hints > 0; hints--)
            draft.Mutate(1, HeadMutations.Headers);
        FramingMutations.SayLength(draft);
        draft.Assemble();
        return draft.ToAnswer(MaxAnswerBytes);
    }
}
