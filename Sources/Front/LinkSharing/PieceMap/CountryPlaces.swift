/// About where in the world a country is, so that a piece in it can be drawn: near its middle, or where people live.
enum CountryPlaces {
    /// The place of a country by its two letters, in either case; nil for none we know.
    static func position(of country: String) -> MapPosition? { table[country.uppercased()] }

    private static let table: [String: MapPosition] = {
        var table: [String: MapPosition] = [:]
        for entry in text.split(separator: ",") {
            let fields = entry.split(separator: " ")
            guard fields.count == 3, let latitude = Double(fields[1]), let longitude = Double(fields[2]) else {
                preconditionFailure("a country is its letters, degrees north and degrees east")
            }
            table[String(fields[0])] = MapPosition(latitude: latitude, longitude: longitude)
        }
        return table
    }()

    private static let text = """
        AD 42.5 1.5, AE 24 54, AF 34 66, AG 17 -62, AL 41 20, AM 40 45, AO -12 18, AR -34 -64, AT 47.5 14.5, \
        AU -25 134, AZ 40.5 47.5, BA 44 18, BB 13 -59.5, BD 24 90, BE 50.8 4.5, BF 12.5 -1.5, BG 42.7 25.5, \
        BH 26 50.5, BI -3.5 30, BJ 9.5 2.3, BM 32.3 -64.8, BN 4.5 114.7, BO -17 -65, BR -10 -52, BS 24 -76, \
        BT 27.5 90.5, BW -22 24, BY 53.5 28, BZ 17.2 -88.7, CA 56 -106, CD -3 23.5, CF 7 21, CG -1 15.5, \
        CH 46.8 8.2, CI 7.5 -5.5, CL -33 -71, CM 5.5 12.5, CN 35 104, CO 4 -73, CR 10 -84, CU 21.8 -79, \
        CV 15.1 -23.6, CW 12.2 -69, CY 35.1 33.2, CZ 49.8 15.5, DE 51.2 10.4, DJ 11.7 42.6, DK 56 9.5, \
        DM 15.4 -61.4, DO 18.8 -70.4, DZ 28 2.6, EC -1.5 -78.5, EE 58.7 25.5, EG 26.5 29.8, ER 15.3 38.8, \
        ES 40 -3.7, ET 9 39.6, FI 63 26, FJ -17.8 178, FO 62 -6.9, FR 46.6 2.4, GA -0.7 11.7, GB 53 -1.8, \
        GD 12.1 -61.7, GE 42.2 43.5, GF 4 -53, GG 49.5 -2.6, GH 7.9 -1.2, GI 36.1 -5.3, GL 70 -41, GM 13.4 -15.4, \
        GN 10.4 -10.9, GP 16.2 -61.5, GQ 1.6 10.5, GR 39 22.5, GT 15.6 -90.3, GU 13.4 144.8, GY 4.9 -59, \
        HK 22.3 114.2, HN 14.8 -86.6, HR 45.4 16, HT 19 -72.5, HU 47.2 19.4, ID -2.5 117, IE 53.2 -8, IL 31.4 35, \
        IM 54.2 -4.5, IN 22 79, IQ 33 43.7, IR 32.5 54.3, IS 65 -18.6, IT 42.8 12.5, JE 49.2 -2.1, JM 18.1 -77.3, \
        JO 31.2 36.8, JP 36.5 138, KE 0.5 38, KG 41.5 74.5, KH 12.7 105, KN 17.3 -62.7, KP 40.2 127.2, \
        KR 36.4 127.8, KW 29.3 47.6, KY 19.3 -81.2, KZ 48 67, LA 18.5 103.8, LB 33.9 35.9, LI 47.2 9.5, \
        LK 7.6 80.7, LR 6.5 -9.3, LS -29.6 28.2, LT 55.3 23.9, LU 49.8 6.1, LV 56.9 24.9, LY 27 18, MA 31.9 -6.3, \
        MC 43.7 7.4, MD 47.2 28.5, ME 42.8 19.2, MG -19.4 46.7, MK 41.6 21.7, ML 17.4 -3.5, MM 21 96.5, \
        MN 46.8 103, MO 22.2 113.5, MQ 14.7 -61, MR 20.3 -10.3, MT 35.9 14.4, MU -20.3 57.6, MV 3.2 73.2, \
        MW -13.2 34.3, MX 24 -102.5, MY 3.8 109.7, MZ -17.3 35.5, NA -22.1 17.2, NC -21.3 165.7, NE 17.4 9.4, \
        NG 9.6 8.1, NI 12.8 -85, NL 52.2 5.5, NO 61.5 9, NP 28.2 83.9, NZ -41.8 172.8, OM 20.6 56.1, PA 8.5 -80.1, \
        PE -9.2 -74.4, PF -17.7 -149.4, PG -6.5 145.2, PH 12 122.9, PK 30 69.4, PL 52.1 19.4, PR 18.2 -66.4, \
        PS 31.9 35.2, PT 39.6 -8, PY -23.2 -58.4, QA 25.3 51.2, RE -21.1 55.5, RO 45.9 25, RS 44.2 20.8, RU 58 62, \
        RW -2 29.9, SA 24 44.5, SC -4.7 55.5, SD 16 30, SE 62.5 16, SG 1.35 103.8, SI 46.1 14.8, SK 48.7 19.5, \
        SL 8.6 -11.8, SM 43.9 12.5, SN 14.4 -14.5, SO 5.5 45.9, SR 4.1 -55.9, SS 7.3 30.3, SV 13.7 -88.9, \
        SY 35 38.5, SZ -26.6 31.5, TD 15.4 18.7, TG 8.5 1, TH 15.1 101, TJ 38.5 71, TL -8.8 125.8, TM 39.1 59.4, \
        TN 34.1 9.6, TR 39.1 35.2, TT 10.5 -61.3, TW 23.7 121, TZ -6.3 34.8, UA 49 31.4, UG 1.3 32.4, \
        US 39.5 -98.4, UY -32.8 -56, UZ 41.8 63.1, VA 41.9 12.5, VC 13.2 -61.2, VE 7.1 -66.2, VI 18 -64.8, \
        VN 16.6 106.3, YE 15.9 47.6, ZA -29 25.1, ZM -13.5 27.8, ZW -19 29.9
        """
}
