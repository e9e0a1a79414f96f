namespace EnrichIssuers.Job;

/// <summary>Who knows the ISINs.</summary>
internal enum JobSource
{
    /// <summary>A service that is asked by one GET for each issuer.</summary>
    Service,

    /// <summary>GLEIF's API; ids are LEIs.</summary>
    Gleif,

    /// <summary>GLEIF's daily file; ids are LEIs.</summary>
    GleifFile,
}
