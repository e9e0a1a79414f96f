namespace EnrichIssuers.Job;

/// <summary>The source of the ISINs.</summary>
internal enum JobSource
{
    /// <summary>A service with one GET request for each issuer.</summary>
    Service,

    /// <summary>GLEIF's API; ids are LEIs.</summary>
    Gleif,

    /// <summary>GLEIF's daily file; ids are LEIs.</summary>
    GleifFile,
}
