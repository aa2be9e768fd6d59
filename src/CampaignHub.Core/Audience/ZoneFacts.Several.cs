namespace CampaignHub.Core.Audience;

internal static partial class ZoneFacts
{
    /// <summary>
    /// A line: country, zone (* on the country's most populous; - for a code that says no place), its regions by ISO 3166-2.
    /// A region split between zones stands with the one that most of its people keep. Every code of the country is listed.
    /// </summary>
    private const string SeveralText = """
        AU Australia/Sydney* NSW ACT
        AU Australia/Melbourne VIC
        AU Australia/Brisbane QLD
        AU Australia/Perth WA
        AU Australia/Adelaide SA
        AU Australia/Hobart TAS
        AU Australia/Darwin NT
        BR America/Sao_Paulo* SP RJ MG ES PR SC RS GO DF
        BR America/Bahia BA
        BR America/Fortaleza CE MA PB PI RN
        BR America/Recife PE
        BR America/Maceio AL SE
        BR America/Belem PA AP
        BR America/Araguaina TO
        BR America/Campo_Grande MS
        BR America/Cuiaba MT
        BR America/Manaus AM
        BR America/Porto_Velho RO
        BR America/Boa_Vista RR
        BR America/Rio_Branco AC
        CA America/Toronto* ON QC
        CA America/Vancouver BC
        CA America/Edmonton AB NT
        CA America/Regina SK
        CA America/Winnipeg MB
        CA America/Halifax NS PE
        CA America/Moncton NB
        CA America/St_Johns NL
        CA America/Iqaluit NU
        CA America/Whitehorse YT
        CD Africa/Kinshasa BC EQ KG KL KN MN MO NU SU TU
        CD Africa/Lubumbashi* BU HK HL HU IT KC KE KS LO LU MA NK SA SK TA TO
        CL America/Santiago* AN AP AR AT BI CO LI LL LR ML NB RM TA VS
        CL America/Coyhaique AI
        CL America/Punta_Arenas MA
        EC America/Guayaquil* A B C D E F G H I L M N O P R S SD SE T U X Y Z
        EC Pacific/Galapagos W
        ES Europe/Madrid* A AB AL AV B BA BI BU C CA CC CO CR CS CU GI GR GU H HU J L LE LO LU M MA MU NA O OR P PM PO
        ES Europe/Madrid S SA SE SG SO SS T TE TO V VA VI Z ZA AN AR AS CB CL CM CT EX GA IB MC MD NC PV RI VC
        ES Africa/Ceuta CE ML
        ES Atlantic/Canary GC TF CN
        FM Pacific/Chuuk* TRK YAP
        FM Pacific/Pohnpei PNI
        FM Pacific/Kosrae KSA
        GL America/Nuuk* AV KU QE QT SM
        ID Asia/Jakarta* AC SU SB RI JA SS BE LA BB KR JK JB JT YO JI BT SM JW
        ID Asia/Pontianak KB KT
        ID Asia/Makassar BA NB NT KS KI KU SA ST SN SG SR GO NU SL KA
        ID Asia/Jayapura MA MU PA PB PD PE PS PT ML PP
        KI Pacific/Tarawa* G
        KI Pacific/Kanton P
        KI Pacific/Kiritimati L
        MN Asia/Ulaanbaatar* 1 035 037 039 041 047 049 051 053 055 057 059 061 063 064 065 067 069 073
        MN Asia/Hovd 043 046 071
        MX America/Mexico_City* AGU CHP CMX COL GRO GUA HID JAL MEX MIC MOR OAX PUE QUE SLP TAB TLA VER ZAC
        MX America/Monterrey COA DUR NLE
        MX America/Matamoros TAM
        MX America/Chihuahua CHH
        MX America/Merida CAM YUC
        MX America/Cancun ROO
        MX America/Mazatlan BCS NAY SIN
        MX America/Hermosillo SON
        MX America/Tijuana BCN
        NZ Pacific/Auckland* AUK BOP CAN GIS HKB MBH MWT NSN NTL OTA STL TAS TKI WGN WKO WTC
        NZ Pacific/Chatham CIT
        PG Pacific/Port_Moresby* CPK CPM EBR EHG EPW ESW GPK HLA JWK MBA MPL MPM MRL NCD NIK NPP SAN SHM WBK WHM WPD
        PG Pacific/Bougainville NSB
        PT Europe/Lisbon* 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18
        PT Atlantic/Azores 20
        PT Atlantic/Madeira 30
        RU Europe/Kaliningrad KGD
        RU Europe/Moscow* MOW SPE MOS LEN AD ARK BEL BRY CE CU DA IN IVA KB KC KDA KL KLU KO KOS KR KRS LIP ME MO MUR
        RU Europe/Moscow NEN NGR NIZ ORL PNZ PSK ROS RYA SE SMO STA TA TAM TUL TVE VLA VLG VOR YAR
        RU Europe/Kirov KIR
        RU Europe/Volgograd VGG
        RU Europe/Astrakhan AST
        RU Europe/Samara SAM UD
        RU Europe/Saratov SAR
        RU Europe/Ulyanovsk ULY
        RU Asia/Yekaterinburg BA CHE KGN KHM ORE PER SVE TYU YAN
        RU Asia/Omsk OMS
        RU Asia/Novosibirsk NVS
        RU Asia/Barnaul AL ALT
        RU Asia/Tomsk TOM
        RU Asia/Novokuznetsk KEM
        RU Asia/Krasnoyarsk KK KYA TY
        RU Asia/Irkutsk BU IRK
        RU Asia/Chita ZAB
        RU Asia/Yakutsk AMU SA
        RU Asia/Vladivostok KHA PRI YEV
        RU Asia/Magadan MAG
        RU Asia/Sakhalin SAK
        RU Asia/Kamchatka KAM
        RU Asia/Anadyr CHU
        UA Europe/Kyiv* 05 07 09 12 14 18 21 23 26 30 32 35 46 48 51 53 56 59 61 63 65 68 71 74 77
        UA Europe/Simferopol 40 43
        UM Pacific/Wake* 79
        UM Pacific/Midway 71
        UM - 67 76 81 84 86 89 95
        US America/New_York* CT DC DE FL GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV
        US America/Detroit MI
        US America/Indiana/Indianapolis IN
        US America/Kentucky/Louisville KY
        US America/Chicago AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI
        US America/Denver CO MT NM UT WY
        US America/Boise ID
        US America/Phoenix AZ
        US America/Los_Angeles CA NV OR WA
        US America/Anchorage AK
        US Pacific/Honolulu HI
        US America/Puerto_Rico PR
        US America/St_Thomas VI
        US Pacific/Guam GU
        US Pacific/Saipan MP
        US Pacific/Pago_Pago AS UM
        US - AA AE AP
        """;

    /// <summary>What shops and people write for Mexico's states, = ISO 3166-2; _ stands for a space.</summary>
    private const string MexicanAbbreviations = """
        AGS=AGU BC=BCN CAMP=CAM CHIS=CHP CHIH=CHH COAH=COA CDMX=CMX DF=CMX DGO=DUR GTO=GUA HGO=HID MICH=MIC NL=NLE
        Q_ROO=ROO QROO=ROO QR=ROO QRO=QUE TAMPS=TAM TLAX=TLA
        """;
}
